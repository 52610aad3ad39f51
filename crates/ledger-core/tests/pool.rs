//! Numbers of payments in the pool.

use ledger_core::{PaymentNumber, Pool, SignedTransaction, Transaction, VerifiedTransaction};

fn payment(to: &str) -> VerifiedTransaction {
    let payment = Transaction { amount: 5.into(), recipient: to.into(), sender: "a".into() };
    let signed = SignedTransaction::new(payment, String::new()).unwrap();
    signed.verify_with(|_, _, _| Ok::<(), ()>(())).unwrap()
}

fn numbers(pool: &Pool) -> Vec<PaymentNumber> {
    pool.entries().map(|(number, _)| number).collect()
}

#[test]
fn emptied_pool_gives_no_number_twice() {
    let mut pool = Pool::new(1000);
    assert_eq!(pool.add(payment("bob")), Ok(0));
    assert_eq!(pool.add(payment("carol")), Ok(1));
    pool.restore(pool.front(), payment("dave"));
    assert_eq!(numbers(&pool), [-1, 0, 1]);
    pool.remove([-1, 0, 1]);
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
