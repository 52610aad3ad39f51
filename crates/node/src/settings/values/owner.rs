//! Who is the owner without the token.

use crate::access::OwnerRule;

/// Reads who is the owner without the token.
///
/// # Errors
///
/// A sentence for what is neither `loopback` nor `token`.
pub(in crate::settings) fn owner(text: &str) -> Result<OwnerRule, String> {
    match text {
        "loopback" => Ok(OwnerRule::Loopback),
        "token" => Ok(OwnerRule::Token),
        _ => Err(format!("owner must be loopback or token, not {text:?}")),
    }
}
