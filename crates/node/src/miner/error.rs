//! Why no block was mined.

use crate::ledger::ChangeError;

/// Why no block was mined.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MineError {
    /// The ledger did not take the block.
    #[error(transparent)]
    Refused(#[from] ChangeError),
    /// No 64-bit number solves the puzzle.
    #[error("no proof solves the puzzle of the last block at this difficulty")]
    NoProof,
    /// The search was lost, which is a fault of ours.
    #[error("the search for a proof failed")]
    Failed,
}
