//! A chain that may become ours.

use ledger_core::seam::AnyState;
use ledger_core::{ForkPoint, Tip};

use super::StageWriter;

/// A valid, staged chain that wins over ours.
#[derive(Debug)]
pub struct Candidate {
    /// The blocks that ours lacks.
    pub stage: StageWriter,
    /// The last block in common.
    pub fork: ForkPoint,
    /// Its tip.
    pub tip: Tip,
    /// What the next block is checked against.
    pub state: AnyState,
}
