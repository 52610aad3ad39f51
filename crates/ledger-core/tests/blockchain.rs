//! The in-memory ledger: payments become blocks, and the longer chain wins without losing a payment.

use ledger_core::{
    Block, Blockchain, ClassicRules, Difficulty, Members, SignedTransaction, Timestamp, Transaction,
    VerifiedPayment,
};

fn ledger() -> Blockchain {
    Blockchain::new(ClassicRules::new(Difficulty::new(1).unwrap()), Timestamp::from_micros(1))
}

fn pay(to: &str) -> VerifiedPayment {
    let transaction = Transaction { amount: "5".into(), recipient: to.into(), sender: "alice".into() };
    let signed = SignedTransaction::new(transaction, format!("signature for {to}")).unwrap();
    signed.verify_with(|_, _, _| Ok::<(), ()>(())).unwrap()
}

fn mine(ledger: &mut Blockchain, miner: &str) {
    let proof = ledger.proof_of_work().unwrap();
    ledger.new_block(proof, Some(Transaction::reward(miner, 1)), Timestamp::from_micros(2)).unwrap();
}

/// The chain with a changed second block.
fn with_second(chain: &[Block<'static>], change: impl FnOnce(&mut Members<'static>)) -> Vec<Block<'static>> {
    let mut chain = chain.to_vec();
    let mut members = chain[1].members().clone();
    change(&mut members);
    chain[1] = members.into();
    chain
}

fn transaction(payment: &VerifiedPayment) -> Transaction<'static> {
    payment.text().parse().unwrap()
}

fn waiting(ledger: &Blockchain) -> Vec<String> {
    ledger.pool().entries().map(|(_, payment)| transaction(payment).recipient.to_string()).collect()
}

#[test]
fn block_holds_the_pool_in_order_and_the_reward_last() {
    let mut ledger = ledger();
    assert_eq!(ledger.new_transaction(pay("bob")), Ok(2));
    assert_eq!(ledger.new_transaction(pay("carol")), Ok(2));
    mine(&mut ledger, "miner");
    let recipients: Vec<&str> =
        ledger.last_block().transactions.iter().map(|payment| payment.recipient.as_str()).collect();
    assert_eq!(recipients, ["bob", "carol", "miner"]);
    assert!(ledger.pool().is_empty());
}

#[test]
fn wrong_proof_is_refused_and_the_pool_stays() {
    let mut ledger = ledger();
    ledger.new_transaction(pay("bob")).unwrap();
    assert!(ledger.valid_proof(ledger.proof_of_work().unwrap()));
    let wrong = (0..).find(|proof| !ledger.valid_proof(*proof)).unwrap();
    assert!(ledger.new_block(wrong, None, Timestamp::from_micros(2)).is_err());
    assert_eq!((ledger.blocks().len(), waiting(&ledger)), (1, vec!["bob".to_owned()]));
}

#[test]
fn only_a_longer_chain_replaces_ours() {
    let (mut ours, mut theirs) = (ledger(), ledger());
    mine(&mut ours, "us");
    mine(&mut theirs, "them");
    assert!(!ours.resolve([theirs.blocks().to_vec()]));
    mine(&mut theirs, "them");
    assert!(ours.resolve([Vec::new(), theirs.blocks().to_vec()]));
    assert_eq!(ours.blocks(), theirs.blocks());
    mine(&mut theirs, "them");
    let longer = theirs.blocks().to_vec();
    mine(&mut theirs, "them");
    assert!(ours.resolve([longer, theirs.blocks().to_vec()]));
    assert_eq!(ours.blocks(), theirs.blocks());
}

#[test]
fn invalid_longer_chain_is_skipped() {
    let (mut ours, mut theirs) = (ledger(), ledger());
    for _ in 0..3 {
        mine(&mut theirs, "them");
    }
    let forged = with_second(theirs.blocks(), |block| block.transactions[0].recipient = "thief".into());
    assert!(!ours.resolve([forged.clone()]));
    assert_eq!(ours.adopt_if_longer(forged).unwrap_err().block(), Some(3));
}

#[test]
fn reorg_neither_loses_nor_doubles_a_payment() {
    let mut ours = ledger();
    let mut theirs = ours.clone();
    for to in ["both", "ours", "ours"] {
        ours.new_transaction(pay(to)).unwrap();
    }
    mine(&mut ours, "us");
    for to in ["in pool", "both in pool"] {
        ours.new_transaction(pay(to)).unwrap();
    }
    for to in ["both", "both in pool", "ours"] {
        theirs.new_transaction(pay(to)).unwrap();
    }
    mine(&mut theirs, "them");
    mine(&mut theirs, "them");
    assert!(ours.resolve([theirs.blocks().to_vec()]));
    assert_eq!(waiting(&ours), ["ours", "in pool"]);
}

#[test]
fn payment_in_a_shared_block_does_not_return() {
    let mut ours = ledger();
    ours.new_transaction(pay("shared")).unwrap();
    mine(&mut ours, "us");
    let mut theirs = ours.clone();
    ours.new_transaction(pay("ours")).unwrap();
    mine(&mut ours, "us");
    (0..2).for_each(|_| mine(&mut theirs, "them"));
    assert!(ours.resolve([theirs.blocks().to_vec()]));
    assert_eq!(waiting(&ours), ["ours"]);
}

#[test]
fn chain_from_another_genesis_returns_all_payments() {
    let rules = ClassicRules::new(Difficulty::new(1).unwrap());
    let (mut ours, mut theirs) = (ledger(), Blockchain::new(rules, Timestamp::from_micros(7)));
    ours.new_transaction(pay("bob")).unwrap();
    mine(&mut ours, "us");
    (0..2).for_each(|_| mine(&mut theirs, "them"));
    assert!(ours.resolve([theirs.blocks().to_vec()]));
    assert_eq!(waiting(&ours), ["bob"]);
}

#[test]
fn payments_that_do_not_fit_the_pool_are_dropped() {
    let mut ours = ledger();
    let mut theirs = ours.clone();
    let third = |letter: &str| letter.repeat(5 << 20);
    for to in ["a", "b", "c"].map(third) {
        ours.new_transaction(pay(&to)).unwrap();
    }
    mine(&mut ours, "us");
    for to in ["d", "e"].map(third) {
        ours.new_transaction(pay(&to)).unwrap();
    }
    ours.new_transaction(pay("carol")).unwrap();
    (0..2).for_each(|_| mine(&mut theirs, "them"));
    assert!(ours.resolve([theirs.blocks().to_vec()]));
    assert_eq!(
        waiting(&ours),
        ["a", "d", "e"].map(third).into_iter().chain(["carol".into()]).collect::<Vec<_>>()
    );
}

#[test]
fn payments_that_were_never_in_our_pool_do_not_return() {
    let (mut ours, mut theirs) = (ledger(), ledger());
    mine(&mut theirs, "them");
    let stolen = Transaction { amount: "-5".into(), ..transaction(&pay("thief")) };
    let forged = with_second(theirs.blocks(), |block| block.transactions[0] = stolen);
    assert!(ours.resolve([forged]));
    for _ in 0..2 {
        mine(&mut theirs, "them");
    }
    assert!(ours.resolve([theirs.blocks().to_vec()]));
    assert!(ours.pool().is_empty());
}

#[test]
fn payment_keeps_its_signature_through_two_reorgs() {
    let mut ours = ledger();
    let mut theirs = ours.clone();
    for to in ["bob", "bob", "carol"] {
        ours.new_transaction(pay(to)).unwrap();
    }
    mine(&mut ours, "us");
    let without = theirs.clone();
    for to in ["carol", "bob"] {
        theirs.new_transaction(pay(to)).unwrap();
    }
    for (mut chain, length) in [(theirs, 2), (without, 4)] {
        (0..length).for_each(|_| mine(&mut chain, "them"));
        assert!(ours.resolve([chain.blocks().to_vec()]));
    }
    let found: Vec<&str> = ours.pool().entries().map(|(_, payment)| payment.signature()).collect();
    assert_eq!(found, ["signature for carol", "signature for bob", "signature for bob"]);
}

#[test]
fn peers_are_sorted_and_unique() {
    let mut ledger = ledger();
    assert_eq!(ledger.register_node("http://b:2"), Ok(true));
    assert_eq!(ledger.register_node("a:1"), Ok(true));
    assert_eq!(ledger.register_node("b:2"), Ok(false));
    assert!(ledger.register_node("nonsense").is_err());
    assert_eq!(ledger.nodes().iter().map(|node| node.as_str()).collect::<Vec<_>>(), ["a:1", "b:2"]);
}
