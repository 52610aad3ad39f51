//! The names of a rule set and of a network.

use p2p::NetworkId;

/// Parses the name of a rule set. Whether there is one is checked later.
///
/// # Errors
///
/// A message for a name that no rule set can have.
pub(in crate::settings) fn rules(text: &str) -> Result<String, String> {
    let may_be = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.chars().all(may_be) {
        Ok(text.to_owned())
    } else {
        Err(format!("rules must be the name of a rule set, such as classic, not {text:?}"))
    }
}

/// Parses the name of a network.
///
/// # Errors
///
/// A message for a name that cannot be part of a protocol's name.
pub(in crate::settings) fn network(text: &str) -> Result<String, String> {
    let named = NetworkId::new(text, "classic", 0);
    named.map(|_| text.to_owned()).map_err(|error| format!("{error}; such as tutorial"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_of_rules_is_lower_case() {
        assert_eq!(rules("my-rules-2").unwrap(), "my-rules-2");
        for text in ["", "Classic", "my_rules", "my rules"] {
            assert!(rules(text).unwrap_err().contains("the name of a rule set"), "{text}");
        }
    }
}
