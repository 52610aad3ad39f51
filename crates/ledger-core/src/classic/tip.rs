//! The end of a classic chain.

use crate::classic::block::Block;
use crate::classic::puzzle::Puzzle;
use crate::classic::rules::ClassicRules;
use crate::hash::BlockHash;
use crate::position::{Height, Tip};

impl Tip {
    /// The tip of a chain that ends with this block; `None` if its index is 0.
    #[must_use]
    pub fn of(block: &Block<'_>) -> Option<Self> {
        Some(Self::by_length(Height::new(block.index)?, block.proof, block.hash()))
    }

    /// The tip of a chain whose weight is its number of blocks.
    pub(crate) fn by_length(height: Height, proof: u64, hash: BlockHash) -> Self {
        Self { height, proof, hash, weight: height.get().into() }
    }

    /// The puzzle that the next block must solve.
    #[must_use]
    pub fn puzzle(&self, rules: ClassicRules) -> Puzzle {
        rules.puzzle(self.proof, self.hash)
    }
}
