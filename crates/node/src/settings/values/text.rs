//! Switches, paths and lists, as a file or a variable writes them.

use std::ffi::OsString;

/// Parses a switch.
///
/// # Errors
///
/// A message for anything but `1`, `true`, `0` and `false`.
pub(in crate::settings) fn truth(text: &str) -> Result<bool, String> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

/// Parses a path.
///
/// # Errors
///
/// A message for an empty path or one with control characters: nobody types these, but a template may produce them.
pub(in crate::settings) fn path(text: &str) -> Result<OsString, String> {
    if text.is_empty() || text.contains(char::is_control) {
        return Err(format!("{text:?} is not a path; omit the setting for its default"));
    }
    Ok(text.into())
}

/// Splits a list at its commas.
pub(in crate::settings) fn list(text: &str) -> Vec<OsString> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(OsString::from).collect()
}
