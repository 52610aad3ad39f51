//! The rules that a block may break.

use ledger_core::BlockHash;
use ledger_core::seam;

/// The first rule that a block breaks, the block, and both sides.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum Violation {
    #[error("block {expected}: index is {found}, expected {expected}")]
    Index { expected: u64, found: u64 },
    #[error("block {block}: previous_hash is {}, expected {}", hash(*found), hash(*expected))]
    Previous { block: u64, expected: Option<BlockHash>, found: Option<BlockHash> },
    #[error("block {block}: target_zeros is {found}, expected 1 to 3")]
    Zeros { block: u64, found: u8 },
    #[error("block {block}: {found} transactions, expected at most two payments and a reward")]
    Transactions { block: u64, found: usize },
    #[error("block {block}: it hashes to {hash}, which does not begin with {zeros} zeros")]
    Proof { block: u64, hash: BlockHash, zeros: u8 },
}

/// A previous hash as a block writes it.
fn hash(hash: Option<BlockHash>) -> String {
    hash.map_or("null".into(), |hash| hash.to_string())
}

impl seam::Violation for Violation {
    fn block(&self) -> Option<u64> {
        match *self {
            Self::Index { expected: block, .. }
            | Self::Previous { block, .. }
            | Self::Zeros { block, .. }
            | Self::Transactions { block, .. }
            | Self::Proof { block, .. } => Some(block),
        }
    }
}
