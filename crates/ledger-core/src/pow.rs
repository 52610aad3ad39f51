//! Proof of work: the puzzle a block poses to whoever wants to follow it (tutorial, section 3.4).

use std::ops::{ControlFlow, Range};

use sha2::block_api::compress256;

use crate::block::Block;
use crate::difficulty::Difficulty;
use crate::hash::BlockHash;

/// The initial state of SHA-256 (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// After how many attempts a search asks whether to go on: about a millisecond.
const ATTEMPTS_BETWEEN_CHECKS: u64 = 1 << 14;

/// What must be solved to follow a block: find a proof such that the SHA-256 of
/// `decimal(last proof) + decimal(proof) + hash(last block)` starts with so many zero hex digits.
///
/// The puzzle covers the block before, not the new block's own payments; Bitcoin's covers the new block.
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

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// The smallest proof of the range that solves the puzzle.
    Found(u64),
    /// No proof of the range does.
    Exhausted,
    /// The caller stopped the search; every proof below this one was tried.
    Stopped(u64),
}

impl Puzzle {
    /// The puzzle posed by a block of this proof and hash.
    pub fn new(last_proof: u64, last_hash: BlockHash, difficulty: Difficulty) -> Self {
        Self { last_proof, last_hash, difficulty }
    }

    /// The puzzle a block poses.
    pub fn after(block: &Block, difficulty: Difficulty) -> Self {
        Self::new(block.proof, block.hash(), difficulty)
    }

    /// Whether a proof solves the puzzle.
    pub fn is_solved_by(&self, proof: u64) -> bool {
        self.difficulty.is_met_by(&Guess::new(self, proof).digest())
    }

    /// The hash of the guess with this proof, for showing why it is or is not a solution.
    pub fn guess_hash(&self, proof: u64) -> BlockHash {
        let mut bytes = [0; 32];
        for (part, word) in bytes.chunks_exact_mut(4).zip(Guess::new(self, proof).digest()) {
            part.copy_from_slice(&word.to_be_bytes());
        }
        BlockHash::from_bytes(bytes)
    }

    /// Looks for the smallest solution in a range of proofs.
    ///
    /// `go_on` is asked before the first attempt and then about every millisecond, with the next proof to be tried:
    /// the place to show progress and to stop.
    pub fn search(&self, proofs: Range<u64>, mut go_on: impl FnMut(u64) -> ControlFlow<()>) -> Search {
        let mut next = proofs.start;
        while next < proofs.end {
            if go_on(next).is_break() {
                return Search::Stopped(next);
            }
            let until = proofs.end.min(next.saturating_add(ATTEMPTS_BETWEEN_CHECKS));
            if let Some(proof) = self.first_in(next..until) {
                return Search::Found(proof);
            }
            next = until;
        }
        Search::Exhausted
    }

    fn first_in(&self, proofs: Range<u64>) -> Option<u64> {
        let mut guess = Guess::new(self, proofs.start);
        for proof in proofs.clone() {
            if self.difficulty.is_met_by(&guess.digest()) {
                return Some(proof);
            }
            if !guess.step() && proof + 1 < proofs.end {
                guess = Guess::new(self, proof + 1);
            }
        }
        None
    }
}

/// The padded message of one attempt, laid out once; only the digits of the proof change from one to the next.
///
/// A message has 66 to 104 bytes, so with SHA-256's padding it always fills two blocks.
struct Guess {
    blocks: [[u8; 64]; 2],
    digits: Range<usize>,
}

impl Guess {
    fn new(puzzle: &Puzzle, proof: u64) -> Self {
        let last_proof = puzzle.last_proof.to_string();
        let digits = proof.to_string();
        let hash = puzzle.last_hash.to_hex();
        let message = [last_proof.as_bytes(), digits.as_bytes(), &hash].concat();
        let mut guess =
            Self { blocks: [[0; 64]; 2], digits: last_proof.len()..last_proof.len() + digits.len() };
        let bytes = guess.blocks.as_flattened_mut();
        bytes[..message.len()].copy_from_slice(&message);
        bytes[message.len()] = 0x80;
        bytes[120..].copy_from_slice(&(message.len() as u64 * 8).to_be_bytes());
        guess
    }

    /// Counts the digits up by one; false if that needs one digit more.
    fn step(&mut self) -> bool {
        for digit in self.blocks.as_flattened_mut()[self.digits.clone()].iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return true;
            }
            *digit = b'0';
        }
        false
    }

    fn digest(&self) -> [u32; 8] {
        let mut state = INITIAL;
        compress256(&mut state, &self.blocks);
        state
    }
}
