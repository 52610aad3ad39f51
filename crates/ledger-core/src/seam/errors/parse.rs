//! Why a text is not a block, or not a transaction.

use crate::json::JsonError;
use crate::printable::Printable;

/// Why a text is not a block, or not a transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The text is not JSON.
    #[error("not well-formed: {0}")]
    Json(JsonError),
    /// It has a member that the protocol does not know.
    #[error("not well-formed: unknown member \"{}\" in a {of}", Printable::foreign(.name))]
    Unknown {
        /// What has the member: a block or a transaction.
        of: &'static str,
        /// The beginning of its name.
        name: String,
    },
    /// A member is missing.
    #[error("not well-formed: missing member \"{name}\" in a {of}")]
    Missing {
        /// What lacks the member: a block or a transaction.
        of: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// The canonical text would be too long.
    #[error("not well-formed: its canonical text has more than {limit} bytes")]
    TooLong {
        /// The most bytes it may have.
        limit: usize,
    },
    /// A member has a value that is not allowed.
    #[error("not well-formed: {name} must be {expected}, not {found}")]
    Value {
        /// The member.
        name: &'static str,
        /// What is allowed.
        expected: &'static str,
        /// What it has.
        found: String,
    },
}

impl From<JsonError> for ParseError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}
