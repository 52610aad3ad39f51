//! Blocks that are looked at without being copied.

use crate::amount::Amount;
use crate::classic::block::Block;
use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::json::JsonText;
use crate::number::Number;
use crate::position::Timestamp;
use crate::recipient::Recipient;

/// All of a block that a [`Verifier`](crate::Verifier) looks at, beside the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The block's place in its chain, from 1.
    pub index: u64,
    /// The hash of the block before, or what stands in its place in a genesis.
    pub previous_hash: PreviousHash,
    /// The solution of the puzzle that the block before poses.
    pub proof: u64,
    /// How many transactions the block holds.
    pub transactions: usize,
}

impl From<&Block> for Header {
    fn from(block: &Block) -> Self {
        let Block { index, previous_hash, proof, transactions, .. } = block;
        Self { index: *index, previous_hash: *previous_hash, proof: *proof, transactions: transactions.len() }
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
    /// Index, previous hash, proof, and how many payments there are.
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
    pub recipient: RecipientView<'a>,
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
    /// Any other JSON value.
    Other(&'a JsonText),
}

/// The recipient of a [`TransactionView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientView<'a> {
    /// A text.
    Text(&'a str),
    /// Any other JSON value.
    Other(&'a JsonText),
}

impl BlockView<'_> {
    /// The block itself, with texts of its own.
    pub fn to_block(&self) -> Block {
        let Header { index, previous_hash, proof, .. } = self.header;
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
    #[must_use]
    pub fn to_transaction(&self) -> Transaction {
        let amount = match self.amount {
            AmountView::Number(number) => Amount::Number(number),
            AmountView::Text(text) => Amount::Text(text.to_owned()),
            AmountView::Other(value) => Amount::Other(value.clone()),
        };
        let recipient = match self.recipient {
            RecipientView::Text(text) => Recipient::Text(text.to_owned()),
            RecipientView::Other(value) => Recipient::Other(value.clone()),
        };
        Transaction { amount, recipient, sender: self.sender.to_owned() }
    }
}

impl<'a> From<&'a Transaction> for TransactionView<'a> {
    fn from(transaction: &'a Transaction) -> Self {
        let amount = match &transaction.amount {
            Amount::Number(number) => AmountView::Number(*number),
            Amount::Text(text) => AmountView::Text(text),
            Amount::Other(value) => AmountView::Other(value),
        };
        let recipient = match &transaction.recipient {
            Recipient::Text(text) => RecipientView::Text(text),
            Recipient::Other(value) => RecipientView::Other(value),
        };
        Self { amount, recipient, sender: &transaction.sender }
    }
}
