//! The end of a chain of the tutorial's blocks.

use crate::classic::encoded::EncodedBlock;
use crate::classic::puzzle::Puzzle;
use crate::classic::rules::Rules;
use crate::position::Tip;

impl Tip {
    /// The tip of a chain that ends with this block.
    #[must_use]
    pub fn of(block: &EncodedBlock<'_>) -> Self {
        Self { index: block.index, proof: block.proof, hash: block.hash() }
    }

    /// The puzzle to solve for the next block.
    #[must_use]
    pub fn puzzle(&self, rules: Rules) -> Puzzle {
        rules.puzzle(self.proof, self.hash)
    }
}
