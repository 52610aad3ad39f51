//! The difficulty of the proof of work.

use std::fmt;

use pow_engine::Target;
use serde::{Deserialize, Serialize};

/// The leading zero hex digits that a solution's hash must have: 0 to 64.
///
/// Each step makes mining take sixteen times as long. Bitcoin adjusts its difficulty every 2016 blocks; here it is fixed.
///
/// # Examples
///
/// ```
/// use ledger_core::Difficulty;
///
/// assert_eq!(Difficulty::default(), Difficulty::new(4)?);
/// assert!(Difficulty::new(65).is_err());
/// # Ok::<(), ledger_core::DifficultyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Difficulty(u8);

/// A difficulty that no SHA-256 hash can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("difficulty must be 0 to 64 leading zeros, not {0}")]
pub struct DifficultyError(u8);

impl Difficulty {
    /// A difficulty of `zeros` leading zero hex digits.
    ///
    /// # Errors
    ///
    /// [`DifficultyError`] above 64, the number of digits in a hash.
    pub fn new(zeros: u8) -> Result<Self, DifficultyError> {
        if zeros <= 64 { Ok(Self(zeros)) } else { Err(DifficultyError(zeros)) }
    }

    /// The number of leading zero hex digits.
    #[must_use]
    pub fn zeros(self) -> u8 {
        self.0
    }

    /// The largest hash with this many leading zero hex digits.
    #[must_use]
    pub fn target(self) -> Target {
        Target::with_leading_zero_bits(u32::from(self.0) * 4)
    }
}

/// Four zeros, the tutorial's setting.
impl Default for Difficulty {
    fn default() -> Self {
        Self(4)
    }
}

impl TryFrom<u8> for Difficulty {
    type Error = DifficultyError;

    fn try_from(zeros: u8) -> Result<Self, DifficultyError> {
        Self::new(zeros)
    }
}

impl From<Difficulty> for u8 {
    fn from(difficulty: Difficulty) -> Self {
        difficulty.0
    }
}

impl fmt::Display for Difficulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn difficulty_is_the_number_of_its_zeros() {
        let difficulty = Difficulty::new(5).unwrap();
        assert_eq!((difficulty.zeros(), u8::from(difficulty)), (5, 5));
        assert_eq!(difficulty.to_string(), "5");
    }
}
