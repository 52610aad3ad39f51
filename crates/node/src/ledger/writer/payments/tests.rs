use ledger_core::{Timestamp, Transaction};

use crate::events::Origin;
use crate::ledger::testing::{
    accept, ledger, next, rewards, seal, signed_places, stage, submissions, submit, waiting,
};
use crate::ledger::{Ledger, Source};
use crate::store::DataDir;
use crate::store::testing::rules_at;

#[test]
fn payments_of_one_commit_share_the_pools_limit() {
    let directory = tempfile::tempdir().unwrap();
    let first = ledger(&directory);
    submit(&first, &[("bob", Source::User)]).remove(0).unwrap();
    let bytes = first.view(|view| view.pool.bytes());
    drop(first);

    let data_dir = DataDir::take(directory.path()).unwrap();
    let ledger = Ledger::check(data_dir, rules_at(1)).unwrap().open(3 * bytes).unwrap();
    let answers = submit(&ledger, &["jim", "tim", "kim"].map(|to| (to, Source::User)));
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.map_err(|full| full.to_string())).collect();
    let (limit, way_out) = (3 * bytes, "mine a block, then send the payment again");
    let full = format!("the pool is full: {limit} of {limit} bytes are taken; {way_out}");
    assert_eq!(answers, [Ok(2), Ok(2), Err(full)]);
    assert_eq!(waiting(&ledger), ["bob", "jim", "tim"]);
}

/// Appends a block of another node with these payments, which this node has not heard of.
fn push(ledger: &Ledger, payments: Vec<Transaction<'static>>) {
    let block = next(ledger, payments);
    let next = ledger.check_next(block.text().as_bytes(), Timestamp::from_micros(2)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(ledger.extend(next, Origin::Pushed)).unwrap();
}

/// A payment to Bob that this node has confirmed once, in block 2.
fn confirmed(ledger: &Ledger) -> Transaction<'static> {
    let bob = accept(ledger, "bob");
    seal(ledger);
    bob
}

#[test]
fn overtaken_payment_gets_its_signature_when_relayed() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let (bob, fork) = (confirmed(&ledger), ledger.tip());
    push(&ledger, vec![Transaction::reward("them", 1_u64), bob]);
    submit(&ledger, &[("bob", Source::Relay)]).remove(0).unwrap();
    assert_eq!((waiting(&ledger), signed_places(&ledger)), (vec![], vec![(2, 0), (3, 1)]));
    stage(&ledger, fork, rewards("them", 2)).adopt().unwrap().unwrap();
    assert_eq!(waiting(&ledger), ["bob"], "it returns after a reorg");
    submit(&ledger, &[("bob", Source::Relay)]).remove(0).unwrap();
    assert_eq!(waiting(&ledger), ["bob", "bob"], "no block holds another one");
}

#[test]
fn each_copy_in_the_blocks_stands_for_one_relayed_payment() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let bob = confirmed(&ledger);
    push(&ledger, vec![bob.clone(), bob.clone()]);
    submit(&ledger, &[("bob", Source::Relay); 3]);
    assert_eq!(waiting(&ledger), ["bob"]);
    push(&ledger, vec![bob.clone()]);
    assert_eq!(waiting(&ledger), [""; 0]);
    push(&ledger, vec![bob]);
    submit(&ledger, &[("bob", Source::Relay); 2]);
    assert_eq!(waiting(&ledger), ["bob"]);
    assert_eq!(signed_places(&ledger), [(2, 0), (3, 0), (3, 1), (4, 0), (5, 0)]);
}

#[test]
fn payment_is_found_in_a_block_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let first = ledger(&directory);
    let bob = confirmed(&first);
    push(&first, vec![bob]);
    drop(first);
    let ledger = ledger(&directory);
    // The payment in block 3, and the one in block 2 again: it was heard before the start.
    submit(&ledger, &[("bob", Source::Relay), ("bob", Source::Relay)]);
    assert_eq!(waiting(&ledger), [""; 0]);
    submit(&ledger, &[("bob", Source::Relay)]);
    assert_eq!(waiting(&ledger), ["bob"]);
}

#[test]
fn relayed_payment_of_a_replaced_block_enters_the_pool() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let (bob, fork) = (confirmed(&ledger), ledger.tip());
    push(&ledger, vec![bob.clone()]);
    submit(&ledger, &[("carol", Source::Relay)]);
    stage(&ledger, fork, rewards("them", 2)).adopt().unwrap().unwrap();
    submit(&ledger, &[("bob", Source::Relay)]);
    assert_eq!(waiting(&ledger), ["carol", "bob"]);
}

#[test]
fn payment_in_an_old_block_does_not_count() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let bob = confirmed(&ledger);
    push(&ledger, vec![bob]);
    submit(&ledger, &[("carol", Source::Relay)]);
    stage(&ledger, ledger.tip(), rewards("them", 256)).adopt().unwrap().unwrap();
    submit(&ledger, &[("bob", Source::Relay)]);
    assert_eq!(waiting(&ledger), ["carol", "bob"]);
}

#[tokio::test]
async fn single_payment_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let (mut sent, mut answers) = submissions(&[("bob", Source::User)]);
    ledger.submit(sent.remove(0)).await.unwrap();
    assert_eq!(answers.remove(0).await.unwrap().unwrap(), 2);
    assert_eq!(waiting(&ledger), ["bob"]);
}
