//! A chain that may become ours.

use ledger_core::{BlockHash, Tip};

use super::StageWriter;

/// A chain that is valid, longer than ours, and staged.
#[derive(Debug)]
pub struct Candidate {
    /// The blocks that ours lacks.
    pub stage: StageWriter,
    /// The height and hash of the last block in common, if there is one.
    pub fork: Option<(u64, BlockHash)>,
    /// The last block.
    pub tip: Tip,
}
