//! What a rule set implements.

use std::borrow::Cow;
use std::fmt;

use super::checking::{Checking, Glance};
use super::errors::{ParseError, PaymentError, Violation};
use super::limits::{Limits, Quantity};
use super::movement::Movement;
use super::payments::{Admission, PaymentForm, PoolEntry, PoolError, Waiting};
use crate::address::Address;
use crate::hash::BlockHash;
use crate::payment::{SignedPayment, VerifiedPayment};
use crate::pool::{PaymentNumber, Pool};
use crate::position::{Timestamp, Tip};
use crate::pow::{Difficulty, Work};

/// A rule set: what a block is, which block may follow another, and which of two chains wins.
///
/// Every method is a pure function of its arguments: no files, no clock, no memory of earlier calls.
/// [`Erased`](super::Erased) turns it into a [`RuleSet`](super::RuleSet), which programs use.
pub trait Rules: fmt::Debug + Send + Sync + 'static {
    /// A block that was read, with its text and hash.
    type Block<'a>: BlockText<'a>;
    /// What the next block is checked against.
    type State: Clone + PartialEq + fmt::Debug + Send + Sync + 'static;
    /// A rule that a block breaks.
    type Violation: Violation;
    /// A block of ours that lacks its proof.
    type Draft: Clone + Send + Sync + 'static;

    /// The name that selects it: "classic".
    fn name(&self) -> &'static str;

    /// What decides whether a chain is valid, in words: "difficulty 4".
    fn describe(&self) -> String;

    /// The same rules at another difficulty; `None` if they have no fixed one.
    fn at_difficulty(&self, difficulty: Difficulty) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = difficulty;
        None
    }

    /// The size limits of blocks.
    fn limits(&self) -> Limits;

    /// The weight of a chain in words: "5 blocks".
    fn quantity(&self, tip: &Tip) -> Quantity;

    /// Reads a block from JSON of any layout. Refuses one whose canonical text has more than `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is not a block or is too large.
    fn read<'a>(&self, json: &'a [u8], limit: usize) -> Result<Self::Block<'a>, ParseError>;

    /// Reads blocks of our own store, of any size. A rule set may hash them together, which is faster.
    fn read_each<'a>(&self, texts: &[&'a [u8]]) -> Vec<Result<Self::Block<'a>, ParseError>> {
        texts.iter().map(|text| self.read(text, usize::MAX)).collect()
    }

    /// Who pays whom in a stored block: one movement per payment, in order. The hash is not needed.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is not a block.
    fn movements<'a>(&self, text: &'a [u8]) -> Result<Vec<Movement<'a>>, ParseError> {
        Ok(self.read(text, usize::MAX)?.into_parts().1)
    }

    /// What the first 200 bytes of a canonical text say; `None` if they do not begin one.
    fn glance(&self, beginning: &[u8]) -> Option<Glance>;

    /// Checks a block against the state before it (`None` for a genesis). Returns the state after it.
    ///
    /// # Errors
    ///
    /// The first rule that it breaks.
    fn check(
        &self,
        before: Option<&Self::State>,
        block: &Self::Block<'_>,
        with: Checking,
    ) -> Result<Self::State, Self::Violation>;

    /// The tip of the chain in this state.
    fn tip(&self, state: &Self::State) -> Tip;

    /// The state after a block that was checked and stored, given what was [`saved`](Self::saved) with it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if the state cannot be read from the two.
    fn resume(&self, block: &Self::Block<'_>, saved: Option<&str>) -> Result<Self::State, ParseError>;

    /// What [`resume`](Self::resume) needs in addition to the block's text; `None` if the text is enough. Either every block of a
    /// chain has it or none does: the store adds its table if the genesis has it.
    fn saved(&self, state: &Self::State) -> Option<String> {
        let _ = state;
        None
    }

    /// Whether another valid chain replaces ours. Ours stays if both weigh the same.
    fn wins(&self, theirs: &Tip, ours: &Tip) -> bool {
        theirs.weight > ours.weight
    }

    /// Whether only a longer chain replaces ours. A program then asks no peer for a chain that is shorter.
    fn length_decides(&self) -> bool {
        false
    }

    /// The members that a user sends for a payment.
    fn payment_form(&self) -> &'static PaymentForm;

    /// Builds a payment from what a user sent. `member` returns a member's JSON by its name.
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

    /// Who pays whom in a payment, given its canonical text.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is not a payment.
    fn movement<'a>(&self, payment: &'a str) -> Result<Movement<'a>, ParseError>;

    /// Admits a payment to the pool. By default, any payment that fits may wait.
    ///
    /// # Errors
    ///
    /// [`PoolError`] if it must not wait.
    fn admit(
        &self,
        state: &Self::State,
        waiting: &Waiting<'_>,
        payment: &VerifiedPayment,
    ) -> Result<Admission, PoolError> {
        let _ = state;
        waiting.admit(payment)
    }

    /// The first block of a new chain.
    fn genesis(&self, now: Timestamp) -> Self::Block<'static>;

    /// Drafts the block after a state. `waiting` copies the pool's payments, which takes time: if the proof does not cover
    /// them, leave them to [`complete`](Self::complete).
    fn draft(
        &self,
        state: &Self::State,
        waiting: &dyn Fn() -> Vec<PoolEntry>,
        miner: &Address,
        now: Timestamp,
    ) -> Self::Draft;

    /// The proof of work that a draft needs.
    fn work(&self, draft: &Self::Draft) -> Work;

    /// Completes a draft with its proof. Also returns the pool's payments in the block, which must be its first ones, in
    /// order.
    fn complete(
        &self,
        draft: Self::Draft,
        proof: u64,
        pool: &Pool,
        now: Timestamp,
    ) -> (Self::Block<'static>, Vec<PaymentNumber>);
}

/// A block that was read: its text and hash, and the position that it claims.
pub trait BlockText<'a>: Sized {
    /// The canonical text: what is hashed.
    fn text(&self) -> &str;

    /// Whether the text is borrowed from the bytes that were read, because they are canonical.
    fn is_borrowed(&self) -> bool;

    /// The hash of the text.
    fn hash(&self) -> BlockHash;

    /// The height that it claims.
    fn height(&self) -> u64;

    /// The hash that it gives for the previous block; `None` for a genesis.
    fn previous(&self) -> Option<BlockHash>;

    /// Splits it into its text and one movement per payment, in order. Moves texts and copies none.
    fn into_parts(self) -> (Cow<'a, str>, Vec<Movement<'a>>);
}
