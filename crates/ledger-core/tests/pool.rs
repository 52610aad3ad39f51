//! Numbers of payments in the pool, and its limit.

use ledger_core::{
    PaymentNumber, Pool, PoolFull, SignedTransaction, Transaction, VerifiedPayment, canonical,
};

fn payment(to: &str) -> VerifiedPayment {
    let payment = Transaction { amount: 5.into(), recipient: to.into(), sender: "a".into() };
    let signed = SignedTransaction::new(payment, String::new()).unwrap();
    signed.verify_with(|_, _, _| Ok::<(), ()>(())).unwrap()
}

fn bytes(payment: &VerifiedPayment) -> usize {
    canonical::transaction_length(&payment.text().parse().unwrap())
}

fn numbers(pool: &Pool) -> Vec<PaymentNumber> {
    pool.entries().map(|(number, _)| number).collect()
}

#[test]
fn emptied_pool_reuses_no_number() {
    let mut pool = Pool::new(1000);
    assert_eq!(pool.add(payment("bob")), Ok(0));
    assert_eq!(pool.add(payment("carol")), Ok(1));
    pool.restore(pool.front(), payment("dave"));
    assert_eq!(numbers(&pool), [-1, 0, 1]);
    assert_eq!((pool.len(), pool.is_empty()), (3, false));
    pool.remove([-1, 0, 1]);
    assert_eq!((pool.len(), pool.is_empty()), (0, true));
    assert_eq!(pool.add(payment("erin")), Ok(2));
    pool.restore(pool.front(), payment("frank"));
    assert_eq!(numbers(&pool), [-2, 2]);
    pool.clear();
    assert_eq!((pool.front(), pool.next_number()), (-3, 3));
}

#[test]
fn numbers_continue_beyond_those_restored() {
    let mut pool = Pool::new(1000);
    pool.restore(-5, payment("bob"));
    pool.restore(7, payment("carol"));
    pool.clear();
    assert_eq!((pool.front(), pool.next_number()), (-6, 8));
}

#[test]
fn pool_takes_exactly_its_limit() {
    let (first, second) = (payment("bob"), payment("carol"));
    let limit = bytes(&first) + bytes(&second);
    let fill = |limit| {
        let mut pool = Pool::new(limit);
        pool.add(first.clone()).unwrap();
        pool.add(second.clone())
    };
    assert_eq!(fill(limit), Ok(1));
    assert_eq!(fill(limit - 1), Err(PoolFull { bytes: bytes(&first), limit: limit - 1 }));
}

#[test]
fn pending_payments_count_towards_the_limit() {
    let (pool, payment) = (Pool::new(100), payment("bob"));
    let room = 100 - bytes(&payment);
    assert_eq!(pool.check_room(&payment, room), Ok(bytes(&payment)));
    assert_eq!(pool.check_room(&payment, room + 1), Err(PoolFull { bytes: room + 1, limit: 100 }));
}
