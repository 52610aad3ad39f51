//! A rule that a block breaks.

use std::error::Error;

/// A rule that a block breaks. Its message shows both sides of the mismatch.
pub trait Violation: Error + Clone + Send + Sync + 'static {
    /// The position of the block that breaks the rule, from 1; `None` if no single block does.
    fn block(&self) -> Option<u64>;

    /// A name of the rule, for programs: "previous_hash".
    fn rule(&self) -> &'static str {
        "other"
    }

    /// Both sides of the mismatch, where they are two values.
    fn sides(&self) -> Option<Sides> {
        None
    }

    /// Whether the block only breaks a rule about time: it is from the future, and may be valid later. Nobody is to blame,
    /// since clocks differ.
    fn is_premature(&self) -> bool {
        false
    }

    /// What the owner of a stored chain can do about it: the end of a sentence, after a semicolon.
    fn way_out(&self) -> Option<&'static str> {
        None
    }
}

/// Both sides of a mismatch, as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// What the rule requires.
    pub expected: String,
    /// What the block has.
    pub found: String,
}

/// A [`Violation`] of any rule set.
pub trait AnyViolation: Error + Send + Sync {
    /// As [`Violation::block`].
    fn block(&self) -> Option<u64>;

    /// As [`Violation::rule`].
    fn rule(&self) -> &'static str;

    /// As [`Violation::sides`].
    fn sides(&self) -> Option<Sides>;

    /// As [`Violation::is_premature`].
    fn is_premature(&self) -> bool;

    /// As [`Violation::way_out`].
    fn way_out(&self) -> Option<&'static str>;
}

impl<V: Violation> AnyViolation for V {
    fn block(&self) -> Option<u64> {
        Violation::block(self)
    }

    fn rule(&self) -> &'static str {
        Violation::rule(self)
    }

    fn sides(&self) -> Option<Sides> {
        Violation::sides(self)
    }

    fn is_premature(&self) -> bool {
        Violation::is_premature(self)
    }

    fn way_out(&self) -> Option<&'static str> {
        Violation::way_out(self)
    }
}
