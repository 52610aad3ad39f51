//! A chain that may become ours.

use ledger_core::seam::AnyState;
use ledger_core::{ForkPoint, Tip};

use super::StageWriter;

/// A chain that is valid, wins over ours, and is staged.
#[derive(Debug)]
pub struct Candidate {
    /// The blocks that ours lacks.
    pub stage: StageWriter,
    /// The last block in common.
    pub fork: ForkPoint,
    /// The last block.
    pub tip: Tip,
    /// What the block after that is checked against.
    pub state: AnyState,
}
