//! A chain that may become ours.

use ledger_core::seam::AnyState;
use ledger_core::{ForkPoint, Tip};

use super::StageWriter;
use crate::ledger::ChangeError;
use crate::store::Adoption;

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

impl Candidate {
    /// Replaces our chain with it. Returns `None` if it no longer wins over ours. Blocks the thread.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails; our chain and pool stay the same.
    pub fn adopt(self) -> Result<Option<Adoption>, ChangeError> {
        let Self { stage, fork, tip, state } = self;
        stage.adopt(fork, tip, state)
    }
}
