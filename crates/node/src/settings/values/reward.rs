//! The mining reward.

use std::fmt;

use ledger_core::{Amount, Number};

/// The mining reward: a non-negative number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reward(Number);

impl Reward {
    /// The reward as the amount of a transaction.
    pub fn amount(self) -> Amount<'static> {
        self.0.into()
    }

    /// Parses a reward.
    ///
    /// # Errors
    ///
    /// A message for anything but a non-negative number.
    pub fn parse(text: &str) -> Result<Self, String> {
        let number = Number::parse(text);
        let refusal = |_| format!("the mining reward must be a number such as 1 or 2.5, not {text:?}");
        Self::checked(number.map_err(refusal)?)
    }

    fn checked(number: Number) -> Result<Self, String> {
        if number.to_f64() < 0.0 {
            Err(format!("the mining reward must not be negative: {number}"))
        } else {
            Ok(Self(number))
        }
    }
}

/// One coin, as in the tutorial.
impl Default for Reward {
    fn default() -> Self {
        Self(1u64.into())
    }
}

impl fmt::Display for Reward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reward_is_any_number_that_is_not_negative() {
        for text in ["0", "1", "2.5"] {
            assert_eq!(Reward::parse(text).unwrap().to_string(), text);
        }
        assert!(Reward::parse("-1").unwrap_err().contains("must not be negative: -1"));
        assert!(Reward::parse("one").unwrap_err().contains("such as 1 or 2.5, not \"one\""));
        assert_eq!(Reward::default(), Reward::parse("1").unwrap());
    }
}
