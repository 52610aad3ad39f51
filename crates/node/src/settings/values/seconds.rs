//! A length of time in seconds.

use std::time::Duration;

/// A number of seconds, 1 at least: in no time no neighbour answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(u64);

impl Seconds {
    /// As long as that.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0)
    }

    /// Reads a number of seconds from its decimal text.
    ///
    /// # Errors
    ///
    /// A sentence for what is no whole number, or 0.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| refusal(text)).and_then(|seconds: u64| Self::try_from(seconds))
    }
}

impl TryFrom<u64> for Seconds {
    type Error = String;

    fn try_from(seconds: u64) -> Result<Self, String> {
        if seconds == 0 { Err(refusal("0")) } else { Ok(Self(seconds)) }
    }
}

fn refusal(found: &str) -> String {
    format!("a time must be a whole number of seconds, 1 or more, such as 10, not {found:?}")
}
