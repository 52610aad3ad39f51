//! Why a block is refused, whatever its rule set.

use std::sync::Arc;

use super::parse::ParseError;
use super::violation::AnyViolation;
use crate::hash::BlockHash;
use crate::position::Height;
use crate::printable::Printable;

/// Why a block that arrives is refused.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// It is no block.
    #[error("block {height}: {}", Printable::foreign(error))]
    Parse {
        /// Its place in the chain, from 1.
        height: u64,
        /// What is wrong.
        error: ParseError,
    },
    /// It breaks a rule.
    #[error(transparent)]
    Rule(Arc<dyn AnyViolation>),
}

/// Why a block that our own database gives back is not the one that was stored.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// Its text is no block.
    #[error("block {height}: its text is {error}")]
    Parse {
        /// The block.
        height: Height,
        /// What is wrong with its text.
        error: ParseError,
    },
    /// Its text is not the one that was hashed.
    #[error(
        "block {height}: its content was changed after it was written: \
         it hashes to {found}, but it was stored under {stored}"
    )]
    Hash {
        /// The block.
        height: Height,
        /// The hash it was stored under.
        stored: String,
        /// The hash of its content.
        found: BlockHash,
    },
    /// Its text says the same as the one that was hashed, in another layout.
    #[error("block {0}: its text is not in the form in which it was hashed")]
    Form(Height),
    /// It gives itself another height.
    #[error("block {height}: index is {found}, expected {height}")]
    Index {
        /// The height under which it is stored.
        height: Height,
        /// The height that it says.
        found: u64,
    },
    /// The state that was saved beside it is not the one that it leads to.
    #[error("block {0}: the state that was saved beside it was changed")]
    State(Height),
    /// It breaks a rule.
    #[error(transparent)]
    Rule(Arc<dyn AnyViolation>),
}
