//! Ten thousand nonces that differ only in their last four digits, and everything they have in common.

use std::array;
use std::ops::Range;

use super::digits;
use crate::guess::Guess;
use crate::sha256::{INITIAL, K, expand, round, schedule, small_sigma0, small_sigma1};
use crate::target::Target;
use crate::work::Work;

/// Number of nonces in a group.
pub(super) const SIZE: u64 = 10_000;

/// Number of digits in which the members of a group differ.
const LOW_DIGITS: usize = 4;

/// The last word in which the four digits may start. Further back they would also enter the schedule another way:
/// each word affects the one seven words later, which must still be a word of the block.
const LAST_WORD: usize = 7;

/// A group, prepared for the search.
///
/// Both blocks of the message are complete but for the four digits, which lie in one or two words of the first.
#[derive(Debug)]
pub(crate) struct Group {
    /// The first block, with zeros in place of the four digits.
    pub(super) first: [u32; 16],
    /// The second block's message schedule, with the constants of the rounds: it has no digit in it.
    pub(super) second: [u32; 64],
    /// The first word with one of the four digits, up to [`LAST_WORD`].
    pub(super) at: usize,
    /// By how many bits the digits are moved towards the next word, a multiple of 8 below 32.
    pub(super) shift: u32,
    /// The state after round `at`, if the digits were zero bits: digits are added to its words a and e.
    pub(super) state: [u32; 8],
    /// Words 16 to 31 of the first block's schedule, if the two words with digits were zero. The digits have no part in
    /// words before `at + 15`; their part is added later to that one and the next.
    pub(super) schedule: [u32; 16],
    /// What the words of the first block, except the two with digits, add to words 16 to 31 of its schedule.
    pub(super) terms: [u32; 16],
    /// The bits that must be zero in the hash's first word.
    pub(super) mask: u32,
}

impl Group {
    /// The group of a nonce of at least four digits.
    ///
    /// `None` if the message does not have two blocks, or the digits end more than 35 bytes from its start.
    pub(super) fn of(work: &Work, nonce: u64) -> Option<Self> {
        // The kernels begin with the first block of the message.
        if work.before.len() >= 64 {
            return None;
        }
        let guess = Guess::new(work, nonce);
        let place = guess.digits().end - LOW_DIGITS;
        let (at, shift) = (place / 4, place as u32 % 4 * 8);
        if at > LAST_WORD {
            return None;
        }
        let [mut first, second] = guess.two_blocks()?;
        let [high, low] = digits::split(u32::MAX, shift);
        first[at] &= !high;
        first[at + 1] &= !low;
        let mut without = first;
        without[at..=at + 1].fill(0);
        let words = expand(&without);
        Some(Self {
            first,
            second: schedule(&second),
            at,
            shift,
            state: (0..=at).fold(INITIAL, |state, t| round(state, K[t].wrapping_add(first[t]))),
            schedule: array::from_fn(|i| words[16 + i]),
            terms: terms(&without),
            mask: mask(work.target),
        })
    }
}

/// The bits that are zero in the first word of every hash that meets a target.
///
/// A word is compared with `&`: `<=` would take another operation, and make the search take 2 to 4 percent longer.
pub(super) fn mask(target: Target) -> u32 {
    !u32::MAX.checked_shr(target.first_word().leading_zeros()).unwrap_or(0)
}

/// What the words of a block add to words 16 to 31 of its schedule; what words from 16 on add to them is missing.
fn terms(block: &[u32; 16]) -> [u32; 16] {
    let mut words = [0; 32];
    words[..16].copy_from_slice(block);
    array::from_fn(|i| {
        small_sigma1(words[i + 14])
            .wrapping_add(words[i + 9])
            .wrapping_add(small_sigma0(words[i + 1]))
            .wrapping_add(words[i])
    })
}

/// The part of a range of nonces that lies in the group of its first one, counted from the group's start.
pub(super) fn members(nonces: &Range<u64>) -> Range<usize> {
    let from = nonces.start % SIZE;
    let to = (nonces.end - nonces.start).saturating_add(from).min(SIZE);
    from as usize..to as usize
}
