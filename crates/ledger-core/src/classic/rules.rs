//! The parameters of the classic rules.

use crate::classic::members::Members;
use crate::classic::puzzle::Puzzle;
use crate::hash::BlockHash;
use crate::pow::Difficulty;

/// The tutorial's rules (section 8.2): each block names the previous one's hash, and its proof solves the puzzle at a fixed
/// difficulty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassicRules {
    difficulty: Difficulty,
}

impl ClassicRules {
    /// The rules at a difficulty.
    #[must_use]
    pub fn new(difficulty: Difficulty) -> Self {
        Self { difficulty }
    }

    /// The difficulty that every proof must meet.
    #[must_use]
    pub fn difficulty(&self) -> Difficulty {
        self.difficulty
    }

    /// The puzzle of a block with this proof and hash.
    #[must_use]
    pub fn puzzle(&self, last_proof: u64, last_hash: BlockHash) -> Puzzle {
        Puzzle::new(last_proof, last_hash, self.difficulty)
    }

    /// The puzzle of a block.
    #[must_use]
    pub fn puzzle_after(&self, block: &Members<'_>) -> Puzzle {
        Puzzle::after(block, self.difficulty)
    }
}
