//! A duration in seconds.

use std::time::Duration;

/// Parses a number of seconds, at least 1: no peer answers in no time.
///
/// # Errors
///
/// A message for anything but a positive integer.
pub(in crate::settings) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("a time must be a whole number of seconds, 1 or more, such as 10, not {text:?}")),
    }
}
