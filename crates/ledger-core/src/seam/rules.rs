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
use crate::pow::Work;

/// A rule set: what a block is, which blocks may follow each other, and which of two chains wins.
///
/// All it answers is a function of its arguments: it opens nothing, reads no clock and keeps nothing.
/// [`Erased`](super::Erased) makes a [`RuleSet`](super::RuleSet) of it, which is what a node asks.
pub trait Rules: fmt::Debug + Send + Sync + 'static {
    /// A block that was read, with its text and hash.
    type Block<'a>: BlockText<'a>;
    /// What the next block is checked against, beside the block itself.
    type State: Clone + PartialEq + fmt::Debug + Send + Sync + 'static;
    /// A rule that a block breaks.
    type Violation: Violation;
    /// A block of ours whose proof is still to be found.
    type Draft: Clone + Send + Sync + 'static;

    /// The name by which it is asked for: "classic".
    fn name(&self) -> &'static str;

    /// What decides whether a chain is valid, in words: "difficulty 4".
    fn describe(&self) -> String;

    /// How many bytes a block may have.
    fn limits(&self) -> Limits;

    /// The weight of a chain in words: "5 blocks".
    fn quantity(&self, tip: &Tip) -> Quantity;

    /// Reads a block from JSON of any layout, unless its canonical text has more than `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for what is no block, or a larger one.
    fn read<'a>(&self, json: &'a [u8], limit: usize) -> Result<Self::Block<'a>, ParseError>;

    /// Reads blocks of our own store, whatever their sizes. A rule set may hash them together.
    fn read_each<'a>(&self, texts: &[&'a [u8]]) -> Vec<Result<Self::Block<'a>, ParseError>> {
        texts.iter().map(|text| self.read(text, usize::MAX)).collect()
    }

    /// Who pays whom in a stored block, a movement for each payment in order. A rule set may do without the hash.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for what is no block.
    fn movements<'a>(&self, text: &'a [u8]) -> Result<Vec<Movement<'a>>, ParseError> {
        Ok(self.read(text, usize::MAX)?.into_parts().1)
    }

    /// What the first 200 bytes of a canonical text tell; none if it is not such a text.
    fn glance(&self, beginning: &[u8]) -> Option<Glance>;

    /// Checks a block against the state before it, which a genesis has not, and answers the state after it.
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

    /// The state after a block that was checked and stored, and what was saved of it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if the two do not tell it.
    fn resume(&self, block: &Self::Block<'_>, saved: Option<&str>) -> Result<Self::State, ParseError>;

    /// What must be saved beside a block so that [`resume`](Self::resume) knows the state after it; none if its text
    /// tells it.
    fn saved(&self, state: &Self::State) -> Option<String> {
        let _ = state;
        None
    }

    /// Whether another valid chain takes the place of ours. Of two that weigh the same ours stays.
    fn wins(&self, theirs: &Tip, ours: &Tip) -> bool {
        theirs.weight > ours.weight
    }

    /// What a user sends for a payment.
    fn payment_form(&self) -> &'static PaymentForm;

    /// Makes a payment of what a user sent. `member` answers the JSON of a member by its name.
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

    /// Who pays whom in a payment of this canonical text, as it stands in a block.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if it is no payment.
    fn movement<'a>(&self, payment: &'a str) -> Result<Movement<'a>, ParseError>;

    /// Whether a payment may wait beside the others.
    ///
    /// # Errors
    ///
    /// [`PoolError`]; the default one if the pool is full.
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

    /// Drafts the block after a state. `waiting` copies the payments that wait, which costs time if there are many: a
    /// rule set whose proof does not cover them leaves them to [`complete`](Self::complete).
    fn draft(
        &self,
        state: &Self::State,
        waiting: &dyn Fn() -> Vec<PoolEntry>,
        miner: &Address,
        now: Timestamp,
    ) -> Self::Draft;

    /// The work that proves a draft.
    fn work(&self, draft: &Self::Draft) -> Work;

    /// Makes the block of a draft and its proof, and answers which payments of the pool it holds: they stand first in
    /// the block, in the order of the answer.
    fn complete(
        &self,
        draft: Self::Draft,
        proof: u64,
        pool: &Pool,
        now: Timestamp,
    ) -> (Self::Block<'static>, Vec<PaymentNumber>);
}

/// A block that was read: its text, the hash of it, and where it says that it belongs.
pub trait BlockText<'a>: Sized {
    /// The canonical text, which is what was hashed.
    fn text(&self) -> &str;

    /// Whether the text lies in the bytes that were read, as it does if they are canonical.
    fn is_borrowed(&self) -> bool;

    /// The hash of the text.
    fn hash(&self) -> BlockHash;

    /// The height that it gives itself.
    fn height(&self) -> u64;

    /// The hash that it names as the block before; none for a genesis.
    fn previous(&self) -> Option<BlockHash>;

    /// Takes it apart into its text and its movements, one for each payment in order. Texts are moved, not copied.
    fn into_parts(self) -> (Cow<'a, str>, Vec<Movement<'a>>);
}
