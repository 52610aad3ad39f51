//! The puzzle that must be solved to append a block (tutorial, section 3.4).

use std::ops::{ControlFlow, Range};

use crate::classic::members::Members;
use crate::hash::BlockHash;
use crate::pow::{Difficulty, Engine, Search, Work};

/// The puzzle of the last block: find a proof such that the SHA-256 of
/// `decimal(last proof) + decimal(proof) + hash(last block)` starts with as many zero hex digits as the difficulty says.
///
/// The puzzle covers the last block, not the payments of the new one. Bitcoin's covers the new block.
///
/// # Examples
///
/// ```
/// use std::ops::ControlFlow;
/// use ledger_core::{BlockHash, Difficulty, Puzzle, Search};
///
/// let puzzle = Puzzle::new(100, BlockHash::of_text("a block"), Difficulty::new(2)?);
/// let Search::Found(proof) = puzzle.search(0..u64::MAX, |_| ControlFlow::Continue(())) else {
///     unreachable!("difficulty 2 takes about 256 attempts");
/// };
/// assert!(puzzle.is_solved_by(proof));
/// assert!((0..proof).all(|smaller| !puzzle.is_solved_by(smaller)));
/// # Ok::<(), ledger_core::DifficultyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Puzzle {
    last_proof: u64,
    last_hash: BlockHash,
    difficulty: Difficulty,
}

impl Puzzle {
    /// The puzzle of a block with this proof and hash.
    #[must_use]
    pub fn new(last_proof: u64, last_hash: BlockHash, difficulty: Difficulty) -> Self {
        Self { last_proof, last_hash, difficulty }
    }

    /// The puzzle of a block.
    #[must_use]
    pub fn after(block: &Members<'_>, difficulty: Difficulty) -> Self {
        Self::new(block.proof, block.hash(), difficulty)
    }

    /// Whether a proof solves the puzzle.
    #[must_use]
    pub fn is_solved_by(&self, proof: u64) -> bool {
        self.work().is_solved_by(proof)
    }

    /// The hash of the guess with this proof. It shows why the proof is a solution or not.
    #[must_use]
    pub fn guess_hash(&self, proof: u64) -> BlockHash {
        BlockHash::from_bytes(self.work().hash(proof))
    }

    /// Searches a range of proofs for the smallest solution.
    ///
    /// Calls `go_on` with the next proof before the first attempt and then about every millisecond. Use it to show progress
    /// or to stop.
    pub fn search(&self, proofs: Range<u64>, go_on: impl FnMut(u64) -> ControlFlow<()>) -> Search {
        self.search_with(Engine::best(), proofs, go_on)
    }

    /// Like [`Puzzle::search`], with an engine of the caller's choice instead of the fastest.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use ledger_core::{BlockHash, Difficulty, Engine, Puzzle, Search};
    ///
    /// let puzzle = Puzzle::new(100, BlockHash::of_text("a block"), Difficulty::new(3)?);
    /// let go_on = |_| ControlFlow::Continue(());
    /// for engine in Engine::available() {
    ///     assert_eq!(puzzle.search_with(engine, 0..100_000, go_on), puzzle.search(0..100_000, go_on));
    /// }
    /// # Ok::<(), ledger_core::DifficultyError>(())
    /// ```
    pub fn search_with(
        &self,
        engine: Engine,
        proofs: Range<u64>,
        go_on: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Search {
        self.work().search(engine, proofs, go_on)
    }

    /// The puzzle as the search sees it: a text with a gap for the proof.
    #[must_use]
    pub fn work(&self) -> Work {
        Work::new(self.last_proof.to_string(), self.last_hash.to_hex(), self.difficulty.target())
    }
}
