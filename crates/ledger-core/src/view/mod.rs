//! Blocks that are looked at without being copied.

mod encoded;
mod read;

pub use encoded::EncodedView;

use crate::amount::Amount;
use crate::block::{Block, PreviousHash, Timestamp};
use crate::number::Number;
use crate::transaction::Transaction;

/// What links a block to the one before it: all that a [`Verifier`](crate::Verifier) looks at beside the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The block's place in its chain, from 1.
    pub index: u64,
    /// The hash of the block before, or what stands in its place in a genesis.
    pub previous_hash: PreviousHash,
    /// The solution of the puzzle that the block before poses.
    pub proof: u64,
}

impl From<&Block> for Header {
    fn from(block: &Block) -> Self {
        Self { index: block.index, previous_hash: block.previous_hash, proof: block.proof }
    }
}

/// A block whose texts belong to somebody else: to a canonical text that was read in place, or to a [`Block`].
///
/// # Examples
///
/// ```
/// use ledger_core::{Block, BlockView, Timestamp, canonical};
///
/// let block = Block::genesis(Timestamp::from_micros(1_506_057_125_900_785));
/// let text = canonical::text(&block);
/// let view = BlockView::of_canonical(text.as_bytes()).expect("the text is canonical");
/// assert_eq!(view, BlockView::from(&block));
/// assert_eq!(view.to_block(), block);
/// assert!(BlockView::of_canonical(text.replace(": ", ":").as_bytes()).is_none(), "another layout");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockView<'a> {
    /// Index, previous hash and proof.
    pub header: Header,
    /// When the block was made.
    pub timestamp: Timestamp,
    /// The payments, in order.
    pub transactions: Vec<TransactionView<'a>>,
}

/// A transaction of a [`BlockView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionView<'a> {
    /// What is paid.
    pub amount: AmountView<'a>,
    /// Who is paid.
    pub recipient: &'a str,
    /// Who pays.
    pub sender: &'a str,
}

/// The amount of a [`TransactionView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountView<'a> {
    /// A JSON number.
    Number(Number),
    /// A JSON text.
    Text(&'a str),
}

impl<'a> BlockView<'a> {
    /// Reads a block in place, if the bytes are its canonical text and no string in it has an escape.
    ///
    /// It answers for exactly such bytes; then [`BlockHash::of_text`](crate::BlockHash::of_text) of them is the block's
    /// hash. None says nothing about the bytes: they may be a block all the same, for [`Block::from_json`] to read.
    pub fn of_canonical(text: &'a [u8]) -> Option<Self> {
        read::block(std::str::from_utf8(text).ok()?)
    }

    /// The block itself, with texts of its own.
    pub fn to_block(&self) -> Block {
        let Header { index, previous_hash, proof } = self.header;
        let transactions = self.transactions.iter().map(TransactionView::to_transaction).collect();
        Block { index, previous_hash, proof, timestamp: self.timestamp, transactions }
    }
}

impl<'a> From<&'a Block> for BlockView<'a> {
    fn from(block: &'a Block) -> Self {
        let transactions = block.transactions.iter().map(TransactionView::from).collect();
        Self { header: block.into(), timestamp: block.timestamp, transactions }
    }
}

impl TransactionView<'_> {
    /// The transaction itself, with texts of its own.
    pub fn to_transaction(&self) -> Transaction {
        let amount = match self.amount {
            AmountView::Number(number) => Amount::Number(number),
            AmountView::Text(text) => Amount::Text(text.to_owned()),
        };
        Transaction { amount, recipient: self.recipient.to_owned(), sender: self.sender.to_owned() }
    }
}

impl<'a> From<&'a Transaction> for TransactionView<'a> {
    fn from(transaction: &'a Transaction) -> Self {
        let amount = match &transaction.amount {
            Amount::Number(number) => AmountView::Number(*number),
            Amount::Text(text) => AmountView::Text(text),
        };
        Self { amount, recipient: &transaction.recipient, sender: &transaction.sender }
    }
}
