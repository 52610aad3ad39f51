//! The name of a rule set.

/// Parses a name. Whether there is a rule set of that name is looked up later.
///
/// # Errors
///
/// A message for what no rule set can be called.
pub(in crate::settings) fn rules(text: &str) -> Result<String, String> {
    let may_be = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.chars().all(may_be) {
        Ok(text.to_owned())
    } else {
        Err(format!("rules must be the name of a rule set, such as classic, not {text:?}"))
    }
}
