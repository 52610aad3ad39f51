//! A length of time in seconds.

use std::time::Duration;

/// Reads a number of seconds from its decimal text: 1 at least, since in no time no neighbour answers.
///
/// # Errors
///
/// A sentence for what is no whole number, or 0.
pub(in crate::settings) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("a time must be a whole number of seconds, 1 or more, such as 10, not {text:?}")),
    }
}
