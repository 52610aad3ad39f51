//! A TCP port.

/// Parses a TCP port.
///
/// # Errors
///
/// A message for anything but a number from 0 to 65535.
pub(in crate::settings) fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("a port must be a number from 0 to 65535, such as 5000, not {text:?}"))
}
