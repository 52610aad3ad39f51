//! The name of a node.

use std::fmt;

/// The most characters of a name.
const MAX: usize = 40;

/// A label that people give their node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeName(String);

impl NodeName {
    /// Parses a name.
    ///
    /// # Errors
    ///
    /// A message for an empty or long name, and for control characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.trim();
        let length = name.chars().count();
        if length == 0 || length > MAX || name.contains(char::is_control) {
            let shown: String = text.chars().take(2 * MAX).collect();
            return Err(format!(
                "a name must be 1 to {MAX} characters on one line, such as heron, not {shown:?}"
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_a_short_line_of_text() {
        assert_eq!(NodeName::parse(" Zoë's node ").unwrap().as_str(), "Zoë's node");
        assert!(NodeName::parse(&"鹭".repeat(MAX)).is_ok());
        for text in ["", "  ", "a\nb", "a\u{1b}[1m", &"x".repeat(MAX + 1)] {
            let refusal = NodeName::parse(text).unwrap_err();
            assert!(refusal.starts_with("a name must be 1 to 40 characters"), "{refusal}");
        }
    }

    #[test]
    fn long_name_is_shown_in_part() {
        let refusal = NodeName::parse(&"x".repeat(1_000)).unwrap_err();
        assert!(refusal.ends_with(&format!("not {:?}", "x".repeat(80))), "{refusal}");
    }
}
