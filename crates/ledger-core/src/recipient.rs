//! The recipient of a payment.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::json::{JsonError, JsonText, Reader};

/// The recipient of a transaction: a text, or whatever a peer's chain has instead.
///
/// A user's payment names a text. But a Python node only checks the signature over `str(recipient)`, so a chain may
/// hold any JSON value here. It is kept, hashed and shown, but never interpreted. A text and a value are never
/// equal: the recipient `"null"` is not the recipient null.
///
/// # Examples
///
/// ```
/// use ledger_core::Recipient;
///
/// assert_eq!(Recipient::from("bob").as_text(), Some("bob"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Recipient<'a> {
    /// A text, borrowed or owned.
    Text(Cow<'a, str>),
    /// Any other JSON value, including a string with half a surrogate pair.
    Other(JsonText),
}

impl<'a> Recipient<'a> {
    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(_) => None,
        }
    }

    /// The text, or the canonical text of another value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Other(value) => value.as_str(),
        }
    }

    /// The recipient with an owned text.
    #[must_use]
    pub fn into_owned(self) -> Recipient<'static> {
        match self {
            Self::Text(text) => Recipient::Text(Cow::Owned(text.into_owned())),
            Self::Other(value) => Recipient::Other(value),
        }
    }

    /// Reads the next JSON value.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, JsonError> {
        Ok(match reader.text_if_any()? {
            Some(text) => Self::Text(text),
            None => Self::Other(JsonText::read(reader)?),
        })
    }
}

/// Writes the text, or the canonical text of another value.
impl fmt::Display for Recipient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for Recipient<'_> {
    fn from(text: &str) -> Self {
        Self::Text(Cow::Owned(text.to_owned()))
    }
}

impl From<String> for Recipient<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}
