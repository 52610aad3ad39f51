//! The end of a chain of the tutorial's blocks.

use crate::classic::block::Block;
use crate::classic::puzzle::Puzzle;
use crate::classic::rules::ClassicRules;
use crate::hash::BlockHash;
use crate::position::{Height, Tip};

impl Tip {
    /// The tip of a chain that ends with this block; none if its index is 0, which no block of a chain has.
    #[must_use]
    pub fn of(block: &Block<'_>) -> Option<Self> {
        Some(Self::by_length(Height::new(block.index)?, block.proof, block.hash()))
    }

    /// The tip of a chain that weighs as much as it has blocks.
    pub(crate) fn by_length(height: Height, proof: u64, hash: BlockHash) -> Self {
        Self { height, proof, hash, weight: height.get().into() }
    }

    /// The puzzle to solve for the next block.
    #[must_use]
    pub fn puzzle(&self, rules: ClassicRules) -> Puzzle {
        rules.puzzle(self.proof, self.hash)
    }
}
