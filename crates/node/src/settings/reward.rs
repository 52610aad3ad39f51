//! The mining reward.

use std::fmt;

use ledger_core::{Amount, Number};
use serde::Deserialize;

/// The mining reward: a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reward(Number);

impl Reward {
    /// The reward as the amount of a transaction.
    pub fn amount(self) -> Amount {
        self.0.into()
    }

    /// Reads a reward from its decimal text.
    ///
    /// # Errors
    ///
    /// A sentence for what is not a number, or negative.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::checked(Number::parse(text).map_err(|error| error.to_string())?)
    }

    fn checked(number: Number) -> Result<Self, String> {
        if number.to_f64() < 0.0 {
            Err("the mining reward must not be negative".into())
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

impl<'de> Deserialize<'de> for Reward {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "the mining reward must be a number")]
        enum Either {
            Integer(i64),
            Float(f64),
        }
        let number = match Either::deserialize(deserializer)? {
            Either::Integer(integer) => Number::from(integer),
            Either::Float(float) => Number::try_from(float).map_err(serde::de::Error::custom)?,
        };
        Self::checked(number).map_err(serde::de::Error::custom)
    }
}
