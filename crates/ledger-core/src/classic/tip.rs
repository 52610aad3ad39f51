//! The end of a chain of the tutorial's blocks.

use crate::classic::encoded::EncodedBlock;
use crate::classic::encoded_view::EncodedView;
use crate::classic::rules::Rules;
use crate::classic::view::Header;
use crate::position::Tip;
use crate::pow::Puzzle;

impl Tip {
    /// The tip of a chain that ends with this block.
    #[must_use]
    pub fn of(block: &EncodedBlock) -> Self {
        Self { index: block.block().index, proof: block.block().proof, hash: block.hash() }
    }

    /// The tip of a chain that ends with this block, which was read in place.
    #[must_use]
    pub fn of_view(block: &EncodedView<'_>) -> Self {
        let Header { index, proof, .. } = block.block().header;
        Self { index, proof, hash: block.hash() }
    }

    /// The puzzle to solve for the next block.
    #[must_use]
    pub fn puzzle(&self, rules: Rules) -> Puzzle {
        rules.puzzle(self.proof, self.hash)
    }
}
