//! Texts of a file or a variable for what a flag says without a text, as it is, or by being repeated.

use std::ffi::OsString;

/// Reads whether a switch is on.
///
/// # Errors
///
/// A sentence for what is none of `1`, `true`, `0` and `false`.
pub(in crate::settings) fn truth(text: &str) -> Result<bool, String> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

/// Reads a path.
///
/// # Errors
///
/// A sentence for what has control characters or is empty, as nobody types it but a template may leave it.
pub(in crate::settings) fn path(text: &str) -> Result<OsString, String> {
    if text.is_empty() || text.contains(char::is_control) {
        return Err(format!("{text:?} is no path; leave the setting out for its default"));
    }
    Ok(text.into())
}

/// Reads what is listed between commas.
pub(in crate::settings) fn list(text: &str) -> Vec<OsString> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(OsString::from).collect()
}
