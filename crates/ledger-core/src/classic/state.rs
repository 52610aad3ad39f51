//! What the next classic block is checked against.

use crate::classic::block::Block;
use crate::classic::puzzle::Puzzle;
use crate::classic::rules::ClassicRules;
use crate::position::{Height, Tip};

/// What the next block is checked against: the last block's height, hash and proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The end of the chain. Its weight is its height.
    pub tip: Tip,
    /// The last block's proof.
    pub proof: u64,
}

impl State {
    /// The state after a block of this height.
    pub(super) fn after(block: &Block<'_>, height: Height) -> Self {
        Self { tip: Tip::new(height, block.hash(), height.get().into()), proof: block.proof }
    }

    /// The puzzle to solve for the next block.
    #[must_use]
    pub fn puzzle(&self, rules: ClassicRules) -> Puzzle {
        rules.puzzle(self.proof, self.tip.hash)
    }
}
