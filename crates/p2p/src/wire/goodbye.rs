use std::fmt;

use serde::{Deserialize, Serialize};

use crate::printable::printable;

/// Why a node leaves another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Goodbye {
    /// The other belongs to another network. The text names ours.
    OtherNetwork(String),
    /// The node stops.
    Stops,
}

impl fmt::Display for Goodbye {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stops => to.write_str("it stopped"),
            Self::OtherNetwork(theirs) => {
                write!(to, "it belongs to another network: {}", printable(theirs, 100))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_name_of_a_network_is_escaped() {
        assert_eq!(Goodbye::Stops.to_string(), "it stopped");
        let other = Goodbye::OtherNetwork("a\nb".into()).to_string();
        assert!(other.starts_with("it belongs to another network: a") && !other.contains('\n'), "{other}");
    }
}
