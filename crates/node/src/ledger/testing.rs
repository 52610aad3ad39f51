//! Ledgers, chains and payments for tests.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use ledger_core::seam::{AnyDraft, AnyState, Chain, Proofs, RuleSet, Stored};
use ledger_core::{
    Block, Engine, ForkPoint, Height, Members, PreviousHash, Search, SignedTransaction, Tip, Transaction,
    VerifiedPayment,
};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, oneshot};
use wallet::Wallet;

use crate::events::Origin;
use crate::ledger::{
    BlockIntake, ChangeError, Extended, Ledger, Source, StageWriter, Submission, SubmitReply,
};
use crate::store::blocks::{self, FoundBlock, Which};
use crate::store::testing::rules_at;
use crate::store::{Adoption, DataDir, Stage, StoreError};
use crate::system::clock::now;

/// A ledger at difficulty 1.
pub(crate) fn ledger(directory: &tempfile::TempDir) -> Ledger {
    ledger_at(directory, 1)
}

/// A ledger at a difficulty.
pub(crate) fn ledger_at(directory: &tempfile::TempDir, zeros: u8) -> Ledger {
    Ledger::open(DataDir::take(directory.path()).unwrap(), rules_at(zeros)).unwrap()
}

/// Another ledger with the same chain, which has no payments.
pub(crate) fn copy(ledger: &Ledger, directory: &tempfile::TempDir) -> Ledger {
    let copy = self::ledger(directory);
    // Only a chain of two blocks or more replaces the genesis that the copy begins with.
    let mut intake = BlockIntake::new(&copy, Height::GENESIS);
    let read = |snapshot: &_| blocks::texts(snapshot, 1, u32::MAX, usize::MAX >> 1);
    let texts = ledger.readers().snapshot(|snapshot| read(snapshot)).unwrap().texts;
    texts.iter().for_each(|text| intake.take(text).unwrap());
    intake.finish().unwrap().unwrap().adopt().unwrap().unwrap();
    copy
}

/// The proof that a draft lacks.
fn proof(draft: &AnyDraft) -> u64 {
    let search = draft.work().search(Engine::best(), 0..u64::MAX, |_| ControlFlow::Continue(()));
    let Search::Found(proof) = search else { panic!("no proof") };
    proof
}

/// The proof of a block after this state, whatever the block holds.
fn proof_after(rules: &dyn RuleSet, state: &AnyState) -> u64 {
    proof(&rules.draft(state, &Vec::new, &"them".into(), now()))
}

/// Our chain up to a block.
fn chain(ledger: &Ledger, height: Height, proofs: Proofs) -> Box<dyn Chain> {
    let (rules, which) = (ledger.rules(), Which::At(height));
    let read = |snapshot: &_| blocks::find(snapshot, &**rules, &which, 1 << 30);
    let found = ledger.readers().snapshot(|snapshot| read(snapshot)).unwrap();
    let Some(FoundBlock { hash, text: Some(text), .. }) = found else { panic!("no block {height}") };
    let stored = Stored { height, hash: &hash.to_string(), text: text.as_bytes(), saved: None };
    rules.clone().resume(stored, proofs).unwrap()
}

/// A chain that may become ours.
pub(crate) struct Staged {
    pub(crate) stage: StageWriter,
    pub(crate) fork: ForkPoint,
    pub(crate) tip: Tip,
    pub(crate) state: AnyState,
}

impl Staged {
    /// Makes the chain ours.
    pub(crate) fn adopt(self) -> Result<Option<Adoption>, ChangeError> {
        self.stage.adopt(self.fork, self.tip, self.state)
    }

    /// Writes its remaining blocks.
    pub(crate) fn complete(&mut self) -> Stage {
        self.stage.complete(self.fork, self.tip).unwrap()
    }
}

/// Stages blocks with these transactions, after one of our blocks.
pub(crate) fn stage(ledger: &Ledger, after: Tip, blocks: Vec<Vec<Transaction<'static>>>) -> Staged {
    stage_with(ledger, (after, Proofs::Checked), blocks, proof_after)
}

/// Appends a block with an unchecked proof to our chain, through a stage.
pub(crate) fn append_unproved(ledger: &Ledger) {
    let block = rewards("them", 1);
    let staged = stage_with(ledger, (ledger.tip(), Proofs::Trusted), block, |_, _| 0);
    staged.adopt().unwrap().unwrap();
}

/// The block after our tip, as another node would make it.
pub(crate) fn next(ledger: &Ledger, transactions: Vec<Transaction<'static>>) -> Block<'static> {
    block(ledger.tip(), proof(&ledger.draft(&"them".into(), now())), transactions)
}

fn block(tip: Tip, proof: u64, transactions: Vec<Transaction<'static>>) -> Block<'static> {
    Block::new(Members {
        index: tip.height.next().get(),
        previous_hash: PreviousHash::Hash(tip.hash),
        proof,
        timestamp: now(),
        transactions,
    })
}

fn stage_with(
    ledger: &Ledger,
    (after, proofs): (Tip, Proofs),
    blocks: Vec<Vec<Transaction<'static>>>,
    proof: impl Fn(&dyn RuleSet, &AnyState) -> u64,
) -> Staged {
    let (mut stage, mut chain) = (StageWriter::new(ledger).unwrap(), chain(ledger, after.height, proofs));
    for transactions in blocks {
        let tip = chain.tip().unwrap();
        let proof = proof(&**ledger.rules(), &chain.state().unwrap());
        let block = block(tip, proof, transactions);
        stage.append(&chain.push(block.text().as_bytes(), now()).unwrap());
    }
    Staged { stage, fork: after.into(), tip: chain.tip().unwrap(), state: chain.state().unwrap() }
}

/// The transactions of `blocks` blocks with a reward each.
pub(crate) fn rewards(miner: &str, blocks: usize) -> Vec<Vec<Transaction<'static>>> {
    vec![vec![Transaction::reward(miner, 1_u64)]; blocks]
}

pub(crate) fn pay(to: &str) -> VerifiedPayment {
    static ALICE: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());
    let sender = ALICE.address().to_string();
    let payment = Transaction { amount: 1_u64.into(), recipient: to.into(), sender: sender.into() };
    let signature = ALICE.sign(payment.message().as_bytes()).unwrap().into_string();
    SignedTransaction::new(payment, signature).unwrap().verify_with(wallet::verify).unwrap()
}

/// Adds a user's payment to the pool. Returns its transaction.
pub(crate) fn accept(ledger: &Ledger, to: &str) -> Transaction<'static> {
    submit(ledger, &[(to, Source::User)]).remove(0).unwrap();
    pay(to).text().parse().unwrap()
}

/// The answer to a payment's sender.
type Answer = oneshot::Receiver<Result<u64, ChangeError>>;

/// Payments for the pool, and the answers to their senders.
pub(crate) fn submissions(payments: &[(&str, Source)]) -> (Vec<Submission>, Vec<Answer>) {
    let submission = |&(to, source): &(&str, Source)| {
        let (answer, answered) = oneshot::channel();
        let permit = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        (Submission { payment: pay(to), source, reply: SubmitReply::new(answer, permit) }, answered)
    };
    payments.iter().map(submission).unzip()
}

/// Submits payments in one commit. Returns the result for each.
pub(crate) fn submit(ledger: &Ledger, payments: &[(&str, Source)]) -> Vec<Result<u64, ChangeError>> {
    let (submissions, answers) = submissions(payments);
    ledger.submit_all(submissions);
    answers.into_iter().map(|answered| answered.blocking_recv().unwrap()).collect()
}

/// Mines a block of the pool's payments.
pub(crate) fn seal(ledger: &Ledger) {
    let draft = ledger.draft(&"us".into(), now());
    let proof = proof(&draft);
    let sealed = ledger.seal(draft, proof, now());
    Builder::new_current_thread().build().unwrap().block_on(sealed).unwrap().unwrap();
}

/// Appends a block to a chain, as if another node had pushed it.
pub(crate) fn extend(ledger: &Ledger, block: &Block<'_>) {
    let next = ledger.check_next(block.text().as_bytes(), now()).unwrap();
    let extended = ledger.extend(next, Origin::Pushed);
    let extended = Builder::new_current_thread().build().unwrap().block_on(extended).unwrap();
    assert!(matches!(extended, Extended::Connected(_)));
}

/// The recipients of the pool's payments.
pub(crate) fn waiting(ledger: &Ledger) -> Vec<String> {
    let recipient = |text: &str| text.parse::<Transaction<'_>>().unwrap().recipient.to_string();
    ledger.view(|view| view.pool.entries().map(|(_, payment)| recipient(payment.text())).collect())
}

/// The heights and positions of kept signatures.
pub(crate) fn signed_places(ledger: &Ledger) -> Vec<(u64, u64)> {
    let select = "SELECT height, position FROM signatures";
    let read = |snapshot: &rusqlite::Transaction<'_>| -> Result<Vec<_>, StoreError> {
        let mut select = snapshot.prepare(select)?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    ledger.readers().snapshot(read).unwrap()
}
