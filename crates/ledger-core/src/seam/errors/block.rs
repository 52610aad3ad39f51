//! Why a block of any rule set is refused.

use std::sync::Arc;

use super::parse::ParseError;
use super::violation::AnyViolation;
use crate::hash::BlockHash;
use crate::position::Height;
use crate::printable::Printable;

/// Why an arriving block is refused.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// It is not a block.
    #[error("block {height}: {}", Printable::foreign(error))]
    Parse {
        /// Its position in the chain, from 1.
        height: u64,
        /// What is wrong.
        error: ParseError,
    },
    /// It breaks a rule.
    #[error(transparent)]
    Rule(Arc<dyn AnyViolation>),
}

impl BlockError {
    /// Whether the block may be valid later: its time is in the future by our clock.
    #[must_use]
    pub fn is_premature(&self) -> bool {
        matches!(self, Self::Rule(violation) if violation.is_premature())
    }
}

/// Why a row of our own database is refused: its block was changed, or is not valid.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// Its text is not a block.
    #[error("block {height}: its text is {error}")]
    Parse {
        /// The row's height.
        height: Height,
        /// What is wrong with its text.
        error: ParseError,
    },
    /// Its text is what was stored, but not a block of this rule set.
    #[error("block {height}: not a block of these rules: {error}")]
    OtherRules {
        /// The row's height.
        height: Height,
        /// Why this rule set cannot read it.
        error: ParseError,
    },
    /// Its text was changed.
    #[error(
        "block {height}: its content was changed after it was written: \
         it hashes to {found}, but it was stored under {stored}"
    )]
    Hash {
        /// The row's height.
        height: Height,
        /// The hash it was stored under.
        stored: String,
        /// The hash of its content.
        found: BlockHash,
    },
    /// Its text has another layout than the one that was hashed.
    #[error("block {0}: its text is not in the form in which it was hashed")]
    Form(Height),
    /// It claims another height.
    #[error("block {height}: index is {found}, expected {height}")]
    Index {
        /// The row's height.
        height: Height,
        /// The height that the block claims.
        found: u64,
    },
    /// The state that was saved with it is wrong.
    #[error("block {0}: the state that was saved with it was changed")]
    State(Height),
    /// It breaks a rule.
    #[error(transparent)]
    Rule(Arc<dyn AnyViolation>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seam::Violation;

    #[derive(Clone, Debug, thiserror::Error)]
    #[error("block 2: its time is {0} s ahead")]
    struct Early(u64);

    impl Violation for Early {
        fn block(&self) -> Option<u64> {
            Some(2)
        }

        fn is_premature(&self) -> bool {
            self.0 > 0
        }
    }

    #[derive(Clone, Debug, thiserror::Error)]
    #[error("block 2: no reward")]
    struct NoReward;

    impl Violation for NoReward {
        fn block(&self) -> Option<u64> {
            Some(2)
        }
    }

    #[test]
    fn block_is_premature_only_if_its_rule_says_so() {
        assert!(BlockError::Rule(Arc::new(Early(9))).is_premature());
        assert!(!BlockError::Rule(Arc::new(Early(0))).is_premature());
        assert!(!BlockError::Rule(Arc::new(NoReward)).is_premature());
        let error = ParseError::TooLong { limit: 5 };
        assert!(!BlockError::Parse { height: 2, error }.is_premature());
    }
}
