use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use ledger_core::{
    Block, Difficulty, EncodedBlock, ForkPoint, PreviousHash, Rules, Search, SignedTransaction, Tip,
    Transaction, VerifiedTransaction,
};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, oneshot};
use wallet::Wallet;

use super::Outcome;
use crate::clock::now;
use crate::ledger::reorg::{Plan, plan, plan_in_shares};
use crate::ledger::{Ledger, Sealing, StageWriter, Submission, SubmitReply};
use crate::store::{Place, Stage};

fn ledger(directory: &tempfile::TempDir) -> Ledger {
    Ledger::open(Place::take(directory.path()).unwrap(), rules()).unwrap()
}

fn rules() -> Rules {
    Rules::classic(Difficulty::new(1).unwrap())
}

fn proof(tip: Tip) -> u64 {
    let search = tip.puzzle(rules()).search(0..u64::MAX, |_| ControlFlow::Continue(()));
    let Search::Found(proof) = search else { panic!("no proof") };
    proof
}

fn next(tip: Tip, transactions: Vec<Transaction<'static>>) -> EncodedBlock<'static> {
    EncodedBlock::new(Block {
        index: tip.height.next().get(),
        previous_hash: PreviousHash::Hash(tip.hash),
        proof: proof(tip),
        timestamp: now(),
        transactions,
    })
}

/// Stages blocks with these transactions after one of ours.
fn stage(
    ledger: &Ledger,
    after: Tip,
    blocks: Vec<Vec<Transaction<'static>>>,
) -> (StageWriter, ForkPoint, Tip) {
    let mut stage = StageWriter::new(ledger).unwrap();
    let mut tip = after;
    for transactions in blocks {
        let block = next(tip, transactions);
        tip = Tip::of(&block).unwrap();
        stage.append(&block);
    }
    (stage, after.into(), tip)
}

/// So many blocks that hold a reward each.
fn rewards(miner: &str, blocks: usize) -> Vec<Vec<Transaction<'static>>> {
    vec![vec![Transaction::reward(miner, 1_u64)]; blocks]
}

fn pay(to: &str) -> VerifiedTransaction {
    static ALICE: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());
    let sender = ALICE.address().to_string();
    let payment = Transaction { amount: 1_u64.into(), recipient: to.into(), sender: sender.into() };
    let signature = ALICE.sign(payment.message().as_bytes()).unwrap().into_string();
    SignedTransaction::new(payment, signature).unwrap().verify_with(wallet::verify).unwrap()
}

/// Puts a payment in the pool and answers what it looks like in a block.
fn accept(ledger: &Ledger, to: &str) -> Transaction<'static> {
    let payment = pay(to);
    let transaction = payment.transaction().clone();
    let (answer, answered) = oneshot::channel();
    let room = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
    ledger.submit_all(vec![Submission { payment, reply: SubmitReply::new(answer, room) }]);
    answered.blocking_recv().unwrap().unwrap();
    transaction
}

fn seal(ledger: &Ledger) {
    let after = ledger.tip();
    let sealing =
        Sealing { after, proof: proof(after), timestamp: now(), miner: "us".into(), reward: 1_u64.into() };
    Builder::new_current_thread().build().unwrap().block_on(ledger.seal(sealing)).unwrap().unwrap();
}

fn waiting(ledger: &Ledger) -> Vec<String> {
    ledger.view(|view| view.pool.transactions().map(|payment| payment.recipient.to_string()).collect())
}

fn signed_places(ledger: &Ledger) -> Vec<(u64, u64)> {
    let select = "SELECT height, position FROM signatures";
    let read = |snapshot: &rusqlite::Transaction<'_>| -> Result<Vec<_>, crate::store::StoreError> {
        let mut select = snapshot.prepare(select)?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    ledger.readers().snapshot(read).unwrap()
}

/// Adopts a staged chain with a plan.
fn adopt(ledger: &Ledger, stage: Stage, plan: Plan) -> Outcome {
    ledger.wait_for(move |writer, stage| writer.adopt(&stage, plan), stage).unwrap()
}

#[test]
fn a_chain_that_builds_on_blocks_replaced_meanwhile_is_not_adopted() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let (ours, fork, tip) = stage(&ledger, genesis, rewards("us", 3));
    assert_eq!(ours.adopt(fork, tip).unwrap().unwrap().adopted, 3);

    let (first, first_fork, first_tip) = stage(&ledger, genesis, rewards("first", 5));
    let (second, second_fork, second_tip) = stage(&ledger, tip, rewards("second", 9));
    assert_eq!(first.adopt(first_fork, first_tip).unwrap().unwrap().replaced, 3);
    assert_eq!(second.adopt(second_fork, second_tip).unwrap(), None);
    assert_eq!(ledger.tip(), first_tip);
    drop(ledger);
    assert_eq!(self::ledger(&directory).tip(), first_tip, "the chain is valid when it is opened again");
}

#[test]
fn equal_payments_are_counted_across_shares() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let equal = accept(&ledger, "bob");
    for to in ["carol", "bob", "bob"] {
        seal(&ledger);
        accept(&ledger, to);
    }
    let blocks = [vec![vec![equal.clone(), equal.clone()]], rewards("them", 5)].concat();
    let (mut stage, fork, tip) = stage(&ledger, genesis, blocks);
    let stage = stage.complete(fork, tip).unwrap();
    let plan = plan_in_shares(&ledger, &stage, 1).unwrap();
    assert!(matches!(adopt(&ledger, stage, plan), Outcome::Adopted(_)));
    assert_eq!(waiting(&ledger), ["carol", "bob"]);
    assert_eq!(signed_places(&ledger), [(2, 0), (2, 1)]);
}

#[test]
fn what_is_sealed_or_sent_while_an_adoption_is_prepared_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let both = accept(&ledger, "both");
    accept(&ledger, "ours");
    let blocks = [vec![vec![Transaction::reward("them", 1_u64), both]], rewards("them", 5)].concat();
    let (mut stage, fork, tip) = stage(&ledger, genesis, blocks);
    let stage = stage.complete(fork, tip).unwrap();
    let plan = plan(&ledger, &stage).unwrap();
    accept(&ledger, "sealed");
    seal(&ledger);
    accept(&ledger, "sent");
    assert!(matches!(adopt(&ledger, stage, plan), Outcome::Adopted(_)));
    assert_eq!(waiting(&ledger), ["ours", "sealed", "sent"]);
    assert_eq!(signed_places(&ledger), [(2, 1)]);
}

#[test]
fn a_plan_is_outdated_when_our_chain_was_replaced_meanwhile() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let genesis = ledger.tip();
    let paid = accept(&ledger, "bob");
    seal(&ledger);
    let (mut late, late_fork, late_tip) = stage(&ledger, genesis, rewards("late", 9));
    let staged = late.complete(late_fork, late_tip).unwrap();
    let plan = plan(&ledger, &staged).unwrap();
    let (first, fork, tip) = stage(&ledger, genesis, [vec![vec![paid]], rewards("first", 3)].concat());
    first.adopt(fork, tip).unwrap().unwrap();
    assert_eq!(signed_places(&ledger), [(2, 0)]);
    assert!(matches!(adopt(&ledger, staged, plan), Outcome::Outdated));
    late.adopt(late_fork, late_tip).unwrap().unwrap();
    assert_eq!((waiting(&ledger), signed_places(&ledger)), (vec!["bob".to_owned()], vec![]));
}

#[test]
fn index_of_common_blocks_is_whole_when_one_is_large() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let reward = |bytes: usize| vec![Transaction::reward("x".repeat(bytes), 1_u64)];
    let (ours, fork, tip) = stage(&ledger, ledger.tip(), vec![reward(9), reward(300_000), reward(9)]);
    ours.adopt(fork, tip).unwrap().unwrap();

    let (mut longer, fork, tip) = stage(&ledger, tip, vec![reward(100_000); 6]);
    let mut stage = longer.complete(fork, tip).unwrap();
    longer.copy_common(&mut stage).unwrap();
    assert!(stage.has_common);
    let plan = plan(&ledger, &stage).unwrap();
    assert!(matches!(adopt(&ledger, stage, plan), Outcome::Adopted(_)));
    drop((longer, ledger));
    assert_eq!(self::ledger(&directory).tip(), tip, "the start compares the index with all blocks");
}
