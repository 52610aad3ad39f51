//! A ledger for tests, and chains and payments to change it with.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use ledger_core::{
    Block, ClassicRules, Difficulty, ForkPoint, Members, PreviousHash, Search, SignedTransaction, Tip,
    Transaction, VerifiedPayment,
};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, oneshot};
use wallet::Wallet;

use crate::ledger::{ChangeError, Ledger, Sealing, Source, StageWriter, Submission, SubmitReply};
use crate::store::DataDir;
use crate::system::clock::now;

pub(in crate::ledger) fn ledger(directory: &tempfile::TempDir) -> Ledger {
    Ledger::open(DataDir::take(directory.path()).unwrap(), rules()).unwrap()
}

fn rules() -> ClassicRules {
    ClassicRules::new(Difficulty::new(1).unwrap())
}

fn proof(tip: Tip) -> u64 {
    let search = tip.puzzle(rules()).search(0..u64::MAX, |_| ControlFlow::Continue(()));
    let Search::Found(proof) = search else { panic!("no proof") };
    proof
}

fn next(tip: Tip, transactions: Vec<Transaction<'static>>) -> Block<'static> {
    Block::new(Members {
        index: tip.height.next().get(),
        previous_hash: PreviousHash::Hash(tip.hash),
        proof: proof(tip),
        timestamp: now(),
        transactions,
    })
}

/// Stages blocks with these transactions after one of ours.
pub(in crate::ledger) fn stage(
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
pub(in crate::ledger) fn rewards(miner: &str, blocks: usize) -> Vec<Vec<Transaction<'static>>> {
    vec![vec![Transaction::reward(miner, 1_u64)]; blocks]
}

fn pay(to: &str) -> VerifiedPayment {
    static ALICE: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());
    let sender = ALICE.address().to_string();
    let payment = Transaction { amount: 1_u64.into(), recipient: to.into(), sender: sender.into() };
    let signature = ALICE.sign(payment.message().as_bytes()).unwrap().into_string();
    SignedTransaction::new(payment, signature).unwrap().verify_with(wallet::verify).unwrap()
}

/// Puts a payment of a user in the pool and answers what it looks like in a block.
pub(in crate::ledger) fn accept(ledger: &Ledger, to: &str) -> Transaction<'static> {
    submit(ledger, &[(to, Source::User)]).remove(0).unwrap();
    pay(to).text().parse().unwrap()
}

/// Sends payments to the pool with one commit, and answers what becomes of each.
pub(in crate::ledger) fn submit(
    ledger: &Ledger,
    payments: &[(&str, Source)],
) -> Vec<Result<u64, ChangeError>> {
    let submission = |&(to, source): &(&str, Source)| {
        let (answer, answered) = oneshot::channel();
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        (Submission { payment: pay(to), source, reply: SubmitReply::new(answer, room) }, answered)
    };
    let (submissions, answers): (Vec<_>, Vec<_>) = payments.iter().map(submission).unzip();
    ledger.submit_all(submissions);
    answers.into_iter().map(|answered| answered.blocking_recv().unwrap()).collect()
}

pub(in crate::ledger) fn seal(ledger: &Ledger) {
    let after = ledger.tip();
    let sealing =
        Sealing { after, proof: proof(after), timestamp: now(), miner: "us".into(), reward: 1_u64.into() };
    Builder::new_current_thread().build().unwrap().block_on(ledger.seal(sealing)).unwrap().unwrap();
}

pub(in crate::ledger) fn waiting(ledger: &Ledger) -> Vec<String> {
    let recipient = |text: &str| text.parse::<Transaction<'_>>().unwrap().recipient.to_string();
    ledger.view(|view| view.pool.entries().map(|(_, payment)| recipient(payment.text())).collect())
}
