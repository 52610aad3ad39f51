//! The id of an event: `1795399104698-17`.

use std::fmt;
use std::str::FromStr;

/// Names an event across restarts of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventId {
    /// When the node started, in milliseconds since 1970. Numbers of another start are meaningless to this one.
    pub(super) start: u64,
    /// Counts from 1. Number 0 means before the first event.
    pub(super) number: u64,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start, self.number)
    }
}

impl FromStr for EventId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (start, number) = text.split_once('-').ok_or(())?;
        let parse = |digits: &str| digits.parse().map_err(drop);
        Ok(Self { start: parse(start)?, number: parse(number)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_is_the_start_and_a_number() {
        let id = EventId { start: 1_795_399_104_698, number: 17 };
        assert_eq!(id.to_string(), "1795399104698-17");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "-", "1", "1-", "-1", "1-x", "1--1", "1-99999999999999999999", "1-2-3"] {
            assert_eq!(text.parse::<EventId>(), Err(()), "{text}");
        }
    }
}
