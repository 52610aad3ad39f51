//! The puzzle that a search solves.

use crate::target::Target;

/// A proof-of-work puzzle: a text with a gap for a number, the nonce, and the largest hash that solves it.
///
/// The gap is filled with the nonce in decimal digits. The hash is the SHA-256 of the whole text.
///
/// # Examples
///
/// ```
/// use std::ops::ControlFlow;
/// use pow_engine::{Engine, Search, Target, Work};
///
/// let work = Work::new("a text, ", ", and more of it", Target::with_leading_zero_bits(8));
/// let Search::Found(nonce) = work.search(Engine::best(), 0..u64::MAX, |_| ControlFlow::Continue(())) else {
///     unreachable!("8 bits take about 256 attempts");
/// };
/// assert!(work.is_solved_by(nonce));
/// assert_eq!(work.hash(nonce)[0], 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
    pub(crate) target: Target,
}

impl Work {
    /// Creates the puzzle of finding a nonce between `before` and `after` whose hash is at most the target.
    #[must_use]
    pub fn new(before: impl Into<Vec<u8>>, after: impl Into<Vec<u8>>, target: Target) -> Self {
        Self { before: before.into(), after: after.into(), target }
    }

    /// The text with a nonce in the gap.
    #[must_use]
    pub fn text(&self, nonce: u64) -> Vec<u8> {
        [&self.before, nonce.to_string().as_bytes(), &self.after].concat()
    }

    /// Average number of attempts for a solution: 2^256 divided by the number of hashes that solve the puzzle.
    #[must_use]
    pub fn expected_tries(&self) -> f64 {
        2_f64.powi(256) / self.target.solutions()
    }

    /// Leading zero bits of the largest hash that solves the puzzle.
    #[must_use]
    pub fn leading_zeros(&self) -> u32 {
        self.target.leading_zeros()
    }
}
