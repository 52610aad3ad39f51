//! The five members of a block.

use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::position::Timestamp;

/// The content of a block: exactly five members (tutorial, section 3.1).
///
/// Texts are borrowed from the bytes that were read, or owned. The members are well-formed but not checked against a
/// chain: see [`verify_chain`](crate::verify_chain). Reading refuses unknown and missing members, and values of the wrong
/// kind or range. Of duplicate members the last one counts, as in Python.
///
/// # Examples
///
/// serde writes the canonical text as JSON. Members can be part of other JSON, and of CBOR, TOML and other formats. A value
/// that a format cannot hold, such as a Python node's `NaN` in JSON, is an error. A [`Block`](crate::Block) fits into any
/// format.
///
/// ```
/// use ledger_core::{Members, Timestamp};
///
/// let block = Members::genesis(Timestamp::from_micros(1_506_057_125_900_785));
/// let json = serde_json::to_string(&block)?;
/// assert_eq!(json, ledger_core::canonical::text(&block));
/// assert_eq!(serde_json::from_str::<Members>(&json)?, block);
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// #[serde(tag = "type")]
/// enum Message {
///     Block(Members<'static>),
///     Hello { name: String },
/// }
/// let json = serde_json::to_string(&Message::Block(block.clone()))?;
/// assert!(matches!(serde_json::from_str(&json)?, Message::Block(read) if read.hash() == block.hash()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Members<'a> {
    /// The block's position in its chain, from 1, the genesis.
    pub index: u64,
    /// The hash of the previous block, or what a genesis has instead.
    pub previous_hash: PreviousHash,
    /// The solution of the previous block's puzzle. Often called the nonce.
    pub proof: u64,
    /// When the block was made.
    pub timestamp: Timestamp,
    /// The payments, in order. By convention the mining reward is last.
    pub transactions: Vec<Transaction<'a>>,
}

impl Members<'_> {
    /// The first block of a new chain: index 1, proof 1, previous_hash 1, no transactions (tutorial, section 3.3).
    #[must_use]
    pub fn genesis(timestamp: Timestamp) -> Self {
        Self {
            index: 1,
            previous_hash: PreviousHash::GenesisNumber,
            proof: 1,
            timestamp,
            transactions: Vec::new(),
        }
    }

    /// Copies borrowed texts.
    #[must_use]
    pub fn into_owned(self) -> Members<'static> {
        let Self { index, previous_hash, proof, timestamp, transactions } = self;
        let transactions = transactions.into_iter().map(Transaction::into_owned).collect();
        Members { index, previous_hash, proof, timestamp, transactions }
    }
}
