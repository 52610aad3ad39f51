//! Which rules a chain must keep, as a value that validation is given.

use crate::classic::members::Members;
use crate::classic::puzzle::Puzzle;
use crate::hash::BlockHash;
use crate::pow::Difficulty;

/// The tutorial's rules (section 8.2): linked hashes, and proofs that solve their puzzles at a fixed difficulty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassicRules {
    difficulty: Difficulty,
}

impl ClassicRules {
    /// These rules at a difficulty.
    #[must_use]
    pub fn new(difficulty: Difficulty) -> Self {
        Self { difficulty }
    }

    /// The difficulty every proof must meet.
    #[must_use]
    pub fn difficulty(&self) -> Difficulty {
        self.difficulty
    }

    /// The puzzle that a block of this proof and hash poses.
    #[must_use]
    pub fn puzzle(&self, last_proof: u64, last_hash: BlockHash) -> Puzzle {
        Puzzle::new(last_proof, last_hash, self.difficulty)
    }

    /// The puzzle that a block poses.
    #[must_use]
    pub fn puzzle_after(&self, block: &Members<'_>) -> Puzzle {
        Puzzle::after(block, self.difficulty)
    }
}
