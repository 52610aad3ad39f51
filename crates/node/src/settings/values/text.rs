//! Texts of the file and the environment for what a flag says without a text, as it is, or by being repeated.

use std::path::PathBuf;
use std::str::FromStr;

pub(in crate::settings) fn flag(text: &str) -> Result<bool, String> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

pub(in crate::settings) fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() || text.contains(char::is_control) {
        return Err(format!("{text:?} is no path; leave the setting out for its default"));
    }
    Ok(text.into())
}

/// Reads what is listed between commas.
pub(in crate::settings) fn list<T: FromStr<Err = String>>(text: &str) -> Result<Vec<T>, String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::parse).collect()
}
