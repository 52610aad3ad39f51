//! A puzzle as the search sees it.

use crate::target::Target;

/// A proof-of-work puzzle: a text with a gap for a number, the nonce, and the greatest hash that solves it.
///
/// The nonce stands in the gap in decimal digits. Its hash is the SHA-256 of the whole text.
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
    /// The puzzle to find a nonce that, between these two parts of a text, makes its hash at most the target.
    #[must_use]
    pub fn new(before: impl Into<Vec<u8>>, after: impl Into<Vec<u8>>, target: Target) -> Self {
        Self { before: before.into(), after: after.into(), target }
    }

    /// The text with a nonce in the gap.
    #[must_use]
    pub fn text(&self, nonce: u64) -> Vec<u8> {
        [&self.before, nonce.to_string().as_bytes(), &self.after].concat()
    }

    /// How many attempts a solution takes on average: 2^256, divided by how many hashes solve the puzzle.
    #[must_use]
    pub fn expected_tries(&self) -> f64 {
        2_f64.powi(256) / self.target.solutions()
    }

    /// How many zero bits the greatest hash that solves the puzzle begins with.
    #[must_use]
    pub fn leading_zeros(&self) -> u32 {
        self.target.leading_zeros()
    }
}
