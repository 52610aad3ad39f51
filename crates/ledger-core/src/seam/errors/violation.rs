//! A rule that a block breaks.

use std::error::Error;

/// A rule of a rule set that a block breaks, and both sides of the mismatch.
pub trait Violation: Error + Clone + Send + Sync + 'static {
    /// The place in the chain of the block that breaks the rule, from 1; none if it is none of a block.
    fn block(&self) -> Option<u64>;

    /// What an owner whose stored chain breaks the rule may do, as the end of a sentence.
    fn way_out(&self) -> Option<&'static str> {
        None
    }
}

/// A [`Violation`] of a rule set that is not known by type.
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
