//! How a block names the previous one.

use std::fmt;

use crate::hash::BlockHash;

/// The hash of the previous block, or what a genesis has instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreviousHash {
    /// The number 1, as in the tutorial's genesis.
    GenesisNumber,
    /// The text "1", as in the genesis of the tutorial's predecessor.
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
