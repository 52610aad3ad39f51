//! Who counts as the owner without the token.

use crate::access::OwnerRule;

/// Parses who counts as the owner without the token.
///
/// # Errors
///
/// A message for anything but `loopback` and `token`.
pub(in crate::settings) fn owner(text: &str) -> Result<OwnerRule, String> {
    match text {
        "loopback" => Ok(OwnerRule::Loopback),
        "token" => Ok(OwnerRule::Token),
        _ => Err(format!("owner must be loopback or token, not {text:?}")),
    }
}
