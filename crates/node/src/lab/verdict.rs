//! The verdict on a block.

use ledger_core::BlockHash;
use ledger_core::seam::{BlockError, Sides};

/// The verdict on a block.
#[derive(Debug)]
pub struct Verdict {
    /// The block's position among those sent, from 1.
    pub position: u64,
    /// The hash of its canonical text; `None` if it is not a block.
    pub hash: Option<BlockHash>,
    /// The first block before it that breaks a rule.
    pub rests_on: Option<u64>,
    /// The rule that it breaks itself.
    pub broken: Option<Broken>,
}

/// A rule that a block breaks.
#[derive(Debug)]
pub struct Broken {
    /// The name of the rule; `form` if it is not a block.
    pub rule: &'static str,
    /// A message with both sides.
    pub says: String,
    /// Both sides, if the rule compares two values.
    pub sides: Option<Sides>,
}

impl Verdict {
    /// The verdict in a word. A block after a broken one rests on it, even if it also breaks a rule.
    pub fn word(&self) -> &'static str {
        match (self.rests_on, &self.broken) {
            (Some(_), _) => "rests",
            (None, Some(_)) => "broken",
            (None, None) => "valid",
        }
    }
}

impl From<BlockError> for Broken {
    fn from(error: BlockError) -> Self {
        let says = error.to_string();
        match error {
            BlockError::Rule(violation) => Self { rule: violation.rule(), says, sides: violation.sides() },
            _ => Self { rule: "form", says, sides: None },
        }
    }
}
