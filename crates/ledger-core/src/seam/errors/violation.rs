//! A rule that a block breaks.

use std::error::Error;

/// A rule that a block breaks. Its message shows both sides of the mismatch.
pub trait Violation: Error + Clone + Send + Sync + 'static {
    /// The position of the block that breaks the rule, from 1; `None` if no single block does.
    fn block(&self) -> Option<u64>;

    /// What the owner of a stored chain can do about it: the end of a sentence, after a semicolon.
    fn way_out(&self) -> Option<&'static str> {
        None
    }
}

/// A [`Violation`] of any rule set.
pub trait AnyViolation: Error + Send + Sync {
    /// As [`Violation::block`].
    fn block(&self) -> Option<u64>;

    /// As [`Violation::way_out`].
    fn way_out(&self) -> Option<&'static str>;
}

impl<V: Violation> AnyViolation for V {
    fn block(&self) -> Option<u64> {
        Violation::block(self)
    }

    fn way_out(&self) -> Option<&'static str> {
        Violation::way_out(self)
    }
}
