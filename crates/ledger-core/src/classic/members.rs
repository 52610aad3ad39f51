//! The five members of a block.

use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::position::Timestamp;

/// What a block says: exactly five members (tutorial, section 3.1).
///
/// Its texts are borrowed from where they were read, or its own. A block as such is only well-formed; whether it may
/// follow another is the [`Verifier`](crate::Verifier)'s to say. Reading one refuses unknown and missing members, and
/// values of the wrong kind or range; of duplicate members the last one counts, as in Python.
///
/// # Examples
///
/// A block as JSON is its canonical text. It can be part of other JSON, and of CBOR, TOML and other formats. What a
/// format cannot say, such as the `NaN` of a Python node in JSON, is an error; a [`Block`](crate::Block)
/// goes into any of them.
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
    /// The block's place in its chain: 1 for genesis, then counting up.
    pub index: u64,
    /// The hash of the block before; a genesis has none to name.
    pub previous_hash: PreviousHash,
    /// The solution of the puzzle that the block before poses. Often called the nonce.
    pub proof: u64,
    /// When the block was made.
    pub timestamp: Timestamp,
    /// The payments, in order; by custom the mining reward comes last.
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

    /// The block with texts of its own.
    #[must_use]
    pub fn into_owned(self) -> Members<'static> {
        let Self { index, previous_hash, proof, timestamp, transactions } = self;
        let transactions = transactions.into_iter().map(Transaction::into_owned).collect();
        Members { index, previous_hash, proof, timestamp, transactions }
    }
}
