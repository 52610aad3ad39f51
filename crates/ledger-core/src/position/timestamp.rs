//! When a block was made.

use std::fmt;
use std::time::{SystemTime, SystemTimeError, UNIX_EPOCH};

use serde::Serialize;

use crate::number::{Number, NumberError};

/// A time in Unix seconds. Keeps the number as it was written: an integer in a peer's block stays an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp(Number);

impl Timestamp {
    /// The time `micros` microseconds after the Unix epoch, as a float like Python's `time.time()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_micros(1_506_057_125_900_785).number().to_string(), "1506057125.900785");
    /// assert_eq!(Timestamp::from_micros(1_506_057_125_000_000).number().to_string(), "1506057125.0");
    /// ```
    #[must_use]
    pub fn from_micros(micros: u64) -> Self {
        let seconds = Number::try_from(micros as f64 / 1e6);
        Self(seconds.expect("2^64 microseconds are far fewer than 2^63 seconds"))
    }

    /// The seconds, as they are written and hashed.
    #[must_use]
    pub fn number(&self) -> Number {
        self.0
    }
}

impl From<Number> for Timestamp {
    fn from(seconds: Number) -> Self {
        Self(seconds)
    }
}

/// For callers that read a clock. This crate does not.
impl TryFrom<SystemTime> for Timestamp {
    type Error = SystemTimeError;

    fn try_from(time: SystemTime) -> Result<Self, SystemTimeError> {
        let since = time.duration_since(UNIX_EPOCH)?;
        Ok(Self::from_micros(since.as_micros().try_into().unwrap_or(u64::MAX)))
    }
}

/// Writes the seconds as they are hashed.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<f64> for Timestamp {
    type Error = NumberError;

    fn try_from(seconds: f64) -> Result<Self, NumberError> {
        Number::try_from(seconds).map(Self)
    }
}
