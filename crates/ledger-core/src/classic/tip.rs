//! The end of a classic chain.

use crate::classic::puzzle::Puzzle;
use crate::classic::rules::ClassicRules;
use crate::hash::BlockHash;
use crate::position::{Height, Tip};

impl Tip {
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
