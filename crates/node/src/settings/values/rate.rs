//! A number of requests a second.

/// Parses a number of requests a second.
///
/// # Errors
///
/// A message for anything but an integer from 0 on.
pub(in crate::settings) fn rate(text: &str) -> Result<u32, String> {
    let refusal = || {
        format!(
            "a rate must be a whole number of requests a second, such as 2000, or 0 for no limit, not {text:?}"
        )
    };
    text.parse().map_err(|_| refusal())
}
