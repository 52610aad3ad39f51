//! Ten thousand proofs that differ in their last four digits only, and all that is the same for them.

use std::ops::Range;

use super::digits;
use crate::pow::guess::Guess;
use crate::pow::sha256::{INITIAL, round, schedule, small_sigma0, small_sigma1};
use crate::pow::{Puzzle, sha256};

/// How many proofs a group has.
pub(super) const SIZE: u64 = 10_000;

/// How many digits of a proof tell the members of its group apart.
const LOW_DIGITS: usize = 4;

/// A group, ready to be searched.
///
/// Both blocks of the message are laid out but for the four digits, which stand in one or two words of the first.
pub(in crate::pow) struct Group {
    /// The first block, with zeros in the place of the four digits.
    pub(super) first: [u32; 16],
    /// The second block's message schedule, with the constants of the rounds: it has no digit in it.
    pub(super) second: [u32; 64],
    /// The first word with one of the four digits. At most 9, since the last of up to 40 digits is in word 9.
    pub(super) at: usize,
    /// By how many bits the digits are moved towards the next word, a multiple of 8 below 32.
    pub(super) shift: u32,
    /// The bits of the hash's first word that must be zero.
    pub(super) mask: u32,
}

impl Group {
    /// The group of a proof of at least four digits.
    pub(super) fn of(puzzle: &Puzzle, proof: u64) -> Self {
        let guess = Guess::new(puzzle, proof);
        let place = guess.digits().end - LOW_DIGITS;
        let [mut first, second] = guess.words();
        let (at, shift) = (place / 4, place as u32 % 4 * 8);
        let [high, low] = digits::split(u32::MAX, shift);
        first[at] &= !high;
        first[at + 1] &= !low;
        Self { first, second: schedule(&second), at, shift, mask: puzzle.difficulty.first_word_mask() }
    }

    /// The state after the rounds before the first digit.
    pub(super) fn start(&self) -> [u32; 8] {
        (0..self.at).fold(INITIAL, |state, t| round(state, sha256::K[t].wrapping_add(self.first[t])))
    }

    /// What the words of the first block without any of the four digits add to words 16 to 31 of its schedule.
    ///
    /// What words from 16 on and the two with digits add to them is missing.
    pub(super) fn constant_terms(&self) -> [u32; 16] {
        let mut words = [0; 32];
        words[..16].copy_from_slice(&self.first);
        words[self.at..=self.at + 1].fill(0);
        std::array::from_fn(|i| {
            small_sigma1(words[i + 14])
                .wrapping_add(words[i + 9])
                .wrapping_add(small_sigma0(words[i + 1]))
                .wrapping_add(words[i])
        })
    }
}

/// The part of a range of proofs that lies in the group of its first one, counted from the group's start.
pub(super) fn members(proofs: &Range<u64>) -> Range<usize> {
    let from = proofs.start % SIZE;
    let to = (proofs.end - proofs.start).saturating_add(from).min(SIZE);
    from as usize..to as usize
}
