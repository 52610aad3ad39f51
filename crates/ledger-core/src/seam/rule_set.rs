//! What a node asks: the same as [`Rules`](super::Rules) without its types.

use std::fmt;
use std::sync::Arc;

use super::checked::CheckedBlock;
use super::checking::{Glance, Proofs};
use super::errors::{BlockError, ParseError, PaymentError, StoredError};
use super::limits::{Limits, Quantity};
use super::movement::Movement;
use super::opaque::{AnyDraft, AnyState, Successor};
use super::payments::{Admission, PaymentForm, PoolEntry, PoolError, Waiting};
use super::stored::Stored;
use crate::address::Address;
use crate::hash::BlockHash;
use crate::payment::{SignedPayment, VerifiedPayment};
use crate::pool::{PaymentNumber, Pool};
use crate::position::{Timestamp, Tip};

/// A rule set whose types nobody needs to name: a value that a program holds and asks.
///
/// Where a method does no more than the one of [`Rules`](super::Rules) with its name, that one describes it. States and
/// drafts go back to the rule set that made them; another one panics.
pub trait RuleSet: fmt::Debug + Send + Sync {
    /// The name by which it is asked for.
    fn name(&self) -> &'static str;

    /// What decides whether a chain is valid, in words: "difficulty 4".
    fn describe(&self) -> String;

    /// How many bytes a block may have.
    fn limits(&self) -> Limits;

    /// The weight of a chain in words: "5 blocks".
    fn quantity(&self, tip: &Tip) -> Quantity;

    /// Whether another valid chain takes the place of ours.
    fn wins(&self, theirs: &Tip, ours: &Tip) -> bool;

    /// Begins a chain, which waits for its genesis.
    fn begin(self: Arc<Self>, proofs: Proofs) -> Box<dyn Chain>;

    /// Goes on after a stored block, which is taken as checked.
    ///
    /// # Errors
    ///
    /// [`StoredError`] if it is not the block that was stored.
    fn resume(self: Arc<Self>, stored: Stored<'_>, proofs: Proofs) -> Result<Box<dyn Chain>, StoredError>;

    /// Checks that a stored block is the one that was stored, and answers its hash. Whether it keeps the rules only the
    /// chain before it tells.
    ///
    /// # Errors
    ///
    /// [`StoredError`], in this order: the text is no block, has another hash, is not canonical, says another height.
    fn read_stored(&self, stored: Stored<'_>) -> Result<BlockHash, StoredError>;

    /// The height that a block of any layout gives itself, and its hash.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for what is no block, or too large a one.
    fn place(&self, json: &[u8]) -> Result<(u64, BlockHash), ParseError>;

    /// What the first 200 bytes of a block's canonical text tell.
    fn glance(&self, beginning: &[u8]) -> Option<Glance>;

    /// Checks one block against our tip.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if it is no block, or may not follow our tip.
    fn check_next(&self, tip: &AnyState, json: &[u8], now: Timestamp) -> Result<Successor, BlockError>;

    /// Who pays whom in a stored block, a movement for each payment in order.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is no block.
    fn movements<'a>(&self, text: &'a [u8]) -> Result<Vec<Movement<'a>>, ParseError>;

    /// Who pays whom in a payment of this canonical text.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is no payment.
    fn movement<'a>(&self, payment: &'a str) -> Result<Movement<'a>, ParseError>;

    /// What a user sends for a payment.
    fn payment_form(&self) -> &'static PaymentForm;

    /// Makes a payment of what a user sent.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] naming the member that is wrong.
    fn payment<'m>(&self, member: &dyn Fn(&str) -> Option<&'m str>) -> Result<SignedPayment, PaymentError>;

    /// Makes a payment of its text and signature, as they were stored.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] if it is none that may wait.
    fn stored_payment(&self, text: &str, signature: &str) -> Result<SignedPayment, PaymentError>;

    /// Whether a payment may wait beside the others.
    ///
    /// # Errors
    ///
    /// [`PoolError`] if it may not.
    fn admit(
        &self,
        tip: &AnyState,
        waiting: &Waiting<'_>,
        payment: &VerifiedPayment,
    ) -> Result<Admission, PoolError>;

    /// The first block of a new chain, and the state after it.
    fn genesis(&self, now: Timestamp) -> (CheckedBlock<'static>, AnyState);

    /// Drafts the block after our tip. `waiting` copies the payments that wait; not every rule set asks for them.
    fn draft(
        &self,
        tip: &AnyState,
        waiting: &dyn Fn() -> Vec<PoolEntry>,
        miner: &Address,
        now: Timestamp,
    ) -> AnyDraft;

    /// Makes the block of a draft and its proof, checks it against our tip, and answers which payments of the pool it
    /// holds: they stand first in the block, in the order of the answer.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if the tip has moved, or the proof proves nothing.
    fn complete(
        &self,
        tip: &AnyState,
        draft: &AnyDraft,
        proof: u64,
        pool: &Pool,
        now: Timestamp,
    ) -> Result<(Successor, Vec<PaymentNumber>), BlockError>;
}

/// Checks a chain one block at a time, in constant memory. A block that is refused leaves it as it was.
pub trait Chain: fmt::Debug + Send {
    /// Checks the next block, in JSON of any layout.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if it is no block, too large or breaks a rule.
    fn push<'a>(&mut self, json: &'a [u8], now: Timestamp) -> Result<CheckedBlock<'a>, BlockError>;

    /// Does what [`push`](Self::push) does for a large block, and holds no form of it longer than it must: the JSON goes
    /// before a text that had to be rewritten is read. Hands the block to `each`.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push); then `each` is not called.
    fn push_large(
        &mut self,
        json: Vec<u8>,
        now: Timestamp,
        each: &mut dyn FnMut(CheckedBlock<'_>),
    ) -> Result<(), BlockError>;

    /// Checks the next blocks as our own database gives them back, and hands them to `each` in order.
    ///
    /// # Errors
    ///
    /// The first [`StoredError`], after all blocks before it were handed over.
    fn push_stored(
        &mut self,
        rows: &[Stored<'_>],
        each: &mut dyn FnMut(CheckedBlock<'_>),
    ) -> Result<(), StoredError>;

    /// The tip; none before the genesis.
    fn tip(&self) -> Option<Tip>;

    /// What the next block is checked against; none before the genesis.
    fn state(&self) -> Option<AnyState>;
}
