//! One attempt.

use std::io::Write;
use std::ops::Range;

use sha2::block_api::compress256;

use crate::sha256::{self, INITIAL};
use crate::work::Work;

/// The padded message of an attempt. Between attempts only the digits of the nonce change.
pub(crate) struct Guess {
    /// The state after the whole blocks that come before the nonce.
    state: [u32; 8],
    /// The rest of the message, in whole blocks.
    rest: Vec<u8>,
    /// Position of the digits in the rest.
    digits: Range<usize>,
}

impl Guess {
    pub(crate) fn new(work: &Work, nonce: u64) -> Self {
        let (whole, before) = work.before.as_chunks();
        let mut state = INITIAL;
        compress256(&mut state, whole);
        let mut rest = Vec::with_capacity(before.len() + work.after.len() + 128);
        rest.extend_from_slice(before);
        write!(rest, "{nonce}").expect("a vector takes all bytes");
        let digits = before.len()..rest.len();
        rest.extend_from_slice(&work.after);
        pad(&mut rest, whole.as_flattened().len());
        Self { state, rest, digits }
    }

    /// Increments the digits; false if that needs another digit.
    pub(crate) fn step(&mut self) -> bool {
        for digit in self.rest[self.digits.clone()].iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return true;
            }
            *digit = b'0';
        }
        false
    }

    pub(crate) fn digest(&self) -> [u32; 8] {
        let mut state = self.state;
        let (blocks, _) = self.rest.as_chunks();
        compress256(&mut state, blocks);
        state
    }
}

/// Pads a message (FIPS 180-4, section 5.1.1) that has this many bytes before the rest.
fn pad(rest: &mut Vec<u8>, bytes_before: usize) {
    let bits = (bytes_before + rest.len()) as u64 * 8;
    rest.push(0x80);
    let length_at = (rest.len() + 8).next_multiple_of(64) - 8;
    rest.resize(length_at, 0);
    rest.extend_from_slice(&bits.to_be_bytes());
}

#[cfg(target_arch = "x86_64")]
impl Guess {
    /// Position of the nonce's digits in the rest.
    pub(crate) fn digits(&self) -> Range<usize> {
        self.digits.clone()
    }

    /// The rest as SHA-256's words, if it has two blocks.
    pub(crate) fn two_blocks(&self) -> Option<[[u32; 16]; 2]> {
        let rest: &[u8; 128] = self.rest.as_slice().try_into().ok()?;
        let (words, _) = rest.as_chunks();
        Some(std::array::from_fn(|block| {
            std::array::from_fn(|word| u32::from_be_bytes(words[16 * block + word]))
        }))
    }
}

impl Work {
    /// Whether a nonce solves the puzzle.
    #[must_use]
    pub fn is_solved_by(&self, nonce: u64) -> bool {
        self.target.is_met_by(&Guess::new(self, nonce).digest())
    }

    /// The hash of the text with this nonce.
    #[must_use]
    pub fn hash(&self, nonce: u64) -> [u8; 32] {
        sha256::digest(Guess::new(self, nonce).digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Target;

    #[test]
    fn step_ends_where_another_digit_is_needed() {
        let work = Work::new("before", "after", Target::with_leading_zero_bits(0));
        for nonce in [0, 8, 10, 19, 199, 1_998, 18_446_744_073_709_551_614] {
            let mut guess = Guess::new(&work, nonce);
            assert!(guess.step(), "{nonce}");
            assert_eq!(guess.digest(), Guess::new(&work, nonce + 1).digest(), "{nonce}");
        }
        for nonce in [9, 99, 9_999] {
            assert!(!Guess::new(&work, nonce).step(), "{nonce}");
        }
    }
}
