//! Why no block was mined.

use crate::ledger::ChangeError;
use crate::system::threads::Panicked;

/// Why no block was mined.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MineError {
    /// The ledger did not take the block.
    #[error(transparent)]
    Refused(#[from] ChangeError),
    /// No 64-bit number solves the puzzle.
    #[error("no proof solves the puzzle of the last block at this difficulty")]
    NoProof,
    /// The search panicked: a bug of ours.
    #[error(transparent)]
    Failed(#[from] Panicked),
}
