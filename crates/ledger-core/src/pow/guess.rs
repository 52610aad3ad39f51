//! The message of one attempt.

use std::ops::Range;

use sha2::block_api::compress256;

use super::Puzzle;
use crate::sha256::INITIAL;

/// The padded message of one attempt, laid out once; only the digits of the proof change from one to the next.
///
/// A message has 66 to 104 bytes, so with SHA-256's padding it always fills two blocks. The digits are among the first
/// 40 bytes, so they are always in the first.
pub(super) struct Guess {
    blocks: [[u8; 64]; 2],
    digits: Range<usize>,
}

impl Guess {
    pub(super) fn new(puzzle: &Puzzle, proof: u64) -> Self {
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
    pub(super) fn step(&mut self) -> bool {
        for digit in self.blocks.as_flattened_mut()[self.digits.clone()].iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return true;
            }
            *digit = b'0';
        }
        false
    }

    pub(super) fn digest(&self) -> [u32; 8] {
        let mut state = INITIAL;
        compress256(&mut state, &self.blocks);
        state
    }
}

#[cfg(target_arch = "x86_64")]
impl Guess {
    /// Where in the first block the digits of the proof are.
    pub(super) fn digits(&self) -> Range<usize> {
        self.digits.clone()
    }

    /// The two blocks as the words that SHA-256 works on.
    pub(super) fn words(&self) -> [[u32; 16]; 2] {
        let (words, _) = self.blocks.as_flattened().as_chunks::<4>();
        std::array::from_fn(|block| std::array::from_fn(|word| u32::from_be_bytes(words[16 * block + word])))
    }
}
