//! A chain that may become ours.

use ledger_core::{ForkPoint, Tip};

use super::StageWriter;

/// A chain that is valid, longer than ours, and staged.
#[derive(Debug)]
pub struct Candidate {
    /// The blocks that ours lacks.
    pub stage: StageWriter,
    /// The last block in common.
    pub fork: ForkPoint,
    /// The last block.
    pub tip: Tip,
}
