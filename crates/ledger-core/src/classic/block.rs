//! A block, and what is particular to its members.

use std::fmt;
use std::time::{SystemTime, SystemTimeError, UNIX_EPOCH};

use serde::Serialize;

use crate::classic::payment::Transaction;
use crate::hash::BlockHash;
use crate::number::{Number, NumberError};

/// A block: exactly five members (tutorial, section 3.1).
///
/// A block as such is only well-formed; whether it may follow another is the [`Verifier`](crate::Verifier)'s to say.
/// Reading one refuses unknown and missing members, and values of the wrong kind or range; of duplicate members the
/// last one counts, as in Python.
///
/// # Examples
///
/// A block as part of other JSON, or of CBOR, TOML and other formats. What a format cannot say, such as the `NaN` of a
/// Python node in JSON, is an error; an [`EncodedBlock`](crate::EncodedBlock) goes into any of them.
///
/// ```
/// use ledger_core::{Block, Timestamp};
///
/// let block = Block::genesis(Timestamp::from_micros(1_506_057_125_900_785));
/// let json = serde_json::to_string(&block)?;
/// assert_eq!(
///     json,
///     r#"{"index":1,"previous_hash":1,"proof":1,"timestamp":1506057125.900785,"transactions":[]}"#
/// );
/// assert_eq!(serde_json::from_str::<Block>(&json)?, block);
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// #[serde(tag = "type")]
/// enum Message {
///     Block(Block),
///     Hello { name: String },
/// }
/// let json = serde_json::to_string(&Message::Block(block.clone()))?;
/// assert!(matches!(serde_json::from_str(&json)?, Message::Block(read) if read.hash() == block.hash()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// The block's place in its chain: 1 for genesis, then counting up.
    pub index: u64,
    /// The hash of the block before; a genesis has none to name.
    pub previous_hash: PreviousHash,
    /// The solution of the puzzle that the block before poses. Often called the nonce.
    pub proof: u64,
    /// When the block was made.
    pub timestamp: Timestamp,
    /// The payments, in order; by custom the mining reward comes last.
    pub transactions: Vec<Transaction>,
}

impl Block {
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
}

/// The hash of the block before, or what stands in its place in a genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PreviousHash {
    /// The number 1, as in the tutorial's genesis.
    GenesisNumber,
    /// The text "1", as in the genesis of the tutorial's ancestor.
    GenesisText,
    /// A block's hash.
    Hash(BlockHash),
}

impl fmt::Display for PreviousHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GenesisNumber => f.write_str("1"),
            Self::GenesisText => f.write_str("\"1\""),
            Self::Hash(hash) => hash.fmt(f),
        }
    }
}

/// A moment in Unix seconds, kept as the number it was given as: an integer in a peer's block stays an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp(Number);

impl Timestamp {
    /// The moment so many microseconds after the Unix epoch, as a float like Python's `time.time()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_micros(1_506_057_125_900_785).number().to_string(), "1506057125.900785");
    /// assert_eq!(Timestamp::from_micros(1_506_057_125_000_000).number().to_string(), "1506057125.0");
    /// ```
    #[must_use]
    pub fn from_micros(micros: u64) -> Self {
        let seconds = Number::try_from(micros as f64 / 1e6);
        Self(seconds.expect("2^64 microseconds are far fewer than 2^63 seconds"))
    }

    /// The seconds as they are written and hashed.
    #[must_use]
    pub fn number(&self) -> Number {
        self.0
    }
}

impl From<Number> for Timestamp {
    fn from(seconds: Number) -> Self {
        Self(seconds)
    }
}

/// The crate reads no clock; a caller who does hands over what it says.
impl TryFrom<SystemTime> for Timestamp {
    type Error = SystemTimeError;

    fn try_from(time: SystemTime) -> Result<Self, SystemTimeError> {
        let since = time.duration_since(UNIX_EPOCH)?;
        Ok(Self::from_micros(since.as_micros().try_into().unwrap_or(u64::MAX)))
    }
}

/// Writes the seconds as they are hashed.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<f64> for Timestamp {
    type Error = NumberError;

    fn try_from(seconds: f64) -> Result<Self, NumberError> {
        Number::try_from(seconds).map(Self)
    }
}
