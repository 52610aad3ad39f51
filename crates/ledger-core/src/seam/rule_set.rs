//! What a program calls: [`Rules`](super::Rules) without its types.

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
use crate::pow::Difficulty;

/// A rule set as a value, for programs that work with any of them.
///
/// See [`Rules`](super::Rules) for the methods that both have.
///
/// # Panics
///
/// A method panics if it is given the state or draft of another rule set.
pub trait RuleSet: fmt::Debug + Send + Sync {
    /// The name that selects it.
    fn name(&self) -> &'static str;

    /// What decides whether a chain is valid, in words: "difficulty 4".
    fn describe(&self) -> String;

    /// The same rules at another difficulty; `None` if they have no fixed one.
    fn at_difficulty(&self, difficulty: Difficulty) -> Option<Arc<dyn RuleSet>>;

    /// The size limits of blocks.
    fn limits(&self) -> Limits;

    /// The weight of a chain in words: "5 blocks".
    fn quantity(&self, tip: &Tip) -> Quantity;

    /// Whether another valid chain replaces ours.
    fn wins(&self, theirs: &Tip, ours: &Tip) -> bool;

    /// Whether only a longer chain replaces ours. Then nobody needs to fetch a shorter one.
    fn length_decides(&self) -> bool;

    /// Begins a chain. Its first block is the genesis.
    fn begin(self: Arc<Self>, proofs: Proofs) -> Box<dyn Chain>;

    /// Continues a chain after a stored block, which is not checked against the rules again.
    ///
    /// # Errors
    ///
    /// [`StoredError`] if it is not the block that was stored.
    fn resume(self: Arc<Self>, stored: Stored<'_>, proofs: Proofs) -> Result<Box<dyn Chain>, StoredError>;

    /// Checks that a row still holds the block that was stored. Returns the block's hash. Does not check the rules, which
    /// need the chain before it.
    ///
    /// # Errors
    ///
    /// The first [`StoredError`] of: `Parse` or `OtherRules`, `Hash`, `Form`, `Index`.
    fn read_stored(&self, stored: Stored<'_>) -> Result<BlockHash, StoredError>;

    /// Reads a block of any layout. Returns the height that it claims, and its hash.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is not a block or is too large.
    fn place(&self, json: &[u8]) -> Result<(u64, BlockHash), ParseError>;

    /// The canonical text of a block, from JSON of any layout.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is not a block or is too large.
    fn canonical_text(&self, json: &[u8]) -> Result<String, ParseError>;

    /// What the first 200 bytes of a block's canonical text say.
    fn glance(&self, beginning: &[u8]) -> Option<Glance>;

    /// Checks one block against our tip.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if it is not a block, or must not follow our tip.
    fn check_next(&self, tip: &AnyState, json: &[u8], now: Timestamp) -> Result<Successor, BlockError>;

    /// Who pays whom in a stored block: one movement per payment, in order.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is not a block.
    fn movements<'a>(&self, text: &'a [u8]) -> Result<Vec<Movement<'a>>, ParseError>;

    /// Who pays whom in a payment, given its canonical text.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is not a payment.
    fn movement<'a>(&self, payment: &'a str) -> Result<Movement<'a>, ParseError>;

    /// The members that a user sends for a payment.
    fn payment_form(&self) -> &'static PaymentForm;

    /// Builds a payment from what a user sent.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] naming the member that is wrong.
    fn payment<'m>(&self, member: &dyn Fn(&str) -> Option<&'m str>) -> Result<SignedPayment, PaymentError>;

    /// Builds a payment from its stored text and signature.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] if it is not a payment that may wait.
    fn stored_payment(&self, text: &str, signature: &str) -> Result<SignedPayment, PaymentError>;

    /// Admits a payment to the pool.
    ///
    /// # Errors
    ///
    /// [`PoolError`] if it must not wait.
    fn admit(
        &self,
        tip: &AnyState,
        waiting: &Waiting<'_>,
        payment: &VerifiedPayment,
    ) -> Result<Admission, PoolError>;

    /// The first block of a new chain, and the state after it.
    fn genesis(&self, now: Timestamp) -> (CheckedBlock<'static>, AnyState);

    /// Drafts the block after our tip. `waiting` copies the pool's payments; not every rule set calls it.
    fn draft(
        &self,
        tip: &AnyState,
        waiting: &dyn Fn() -> Vec<PoolEntry>,
        miner: &Address,
        now: Timestamp,
    ) -> AnyDraft;

    /// Completes a draft with its proof and checks the block against our tip. Also returns the pool's payments in the
    /// block, which are its first ones, in order.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if the tip has moved or the proof is wrong.
    fn complete(
        &self,
        tip: &AnyState,
        draft: &AnyDraft,
        proof: u64,
        pool: &Pool,
        now: Timestamp,
    ) -> Result<(Successor, Vec<PaymentNumber>), BlockError>;
}

/// Checks a chain one block at a time, in constant memory. A refused block changes nothing.
pub trait Chain: fmt::Debug + Send {
    /// Checks the next block, in JSON of any layout.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if it is not a block, is too large or breaks a rule.
    fn push<'a>(&mut self, json: &'a [u8], now: Timestamp) -> Result<CheckedBlock<'a>, BlockError>;

    /// Like [`push`](Self::push), for a large block in little memory: if the text must be rewritten, the JSON is dropped
    /// before the new text is read. Hands the block to `each`.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push), and `each` is not called.
    fn push_large(
        &mut self,
        json: Vec<u8>,
        now: Timestamp,
        each: &mut dyn FnMut(CheckedBlock<'_>),
    ) -> Result<(), BlockError>;

    /// Checks the next blocks as read from our own database, and hands them to `each` in order.
    ///
    /// # Errors
    ///
    /// The first [`StoredError`]. `each` has received all blocks before it.
    fn push_stored(
        &mut self,
        rows: &[Stored<'_>],
        each: &mut dyn FnMut(CheckedBlock<'_>),
    ) -> Result<(), StoredError>;

    /// The tip; `None` before the genesis.
    fn tip(&self) -> Option<Tip>;

    /// What the next block is checked against; `None` before the genesis.
    fn state(&self) -> Option<AnyState>;
}
