//! Any JSON value as its canonical text.

use std::fmt;

use super::error::JsonError;
use super::reader::Reader;
use super::string::RawString;
use super::value;

/// Any JSON value as its canonical text: the output of Python's `json.dumps(value, sort_keys=True)`.
///
/// # Examples
///
/// ```
/// use ledger_core::JsonText;
///
/// let value = JsonText::parse(br#"{"b": 1e400, "a": [-0, "Zo\u00EB"], "b": NaN}"#)?;
/// assert_eq!(value.as_str(), r#"{"a": [0, "Zo\u00eb"], "b": NaN}"#);
/// # Ok::<(), ledger_core::JsonError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct JsonText(Box<str>);

impl JsonText {
    /// Parses a value in any layout.
    ///
    /// # Errors
    ///
    /// [`JsonError`] for anything that Python's `json` refuses, and for more than [`MAX_DEPTH`](crate::MAX_DEPTH)
    /// levels.
    pub fn parse(json: &[u8]) -> Result<Self, JsonError> {
        let mut reader = Reader::new(json)?;
        let value = Self::read(&mut reader)?;
        reader.end()?;
        Ok(value)
    }

    /// Reads the next value.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, JsonError> {
        value::canonical(reader).map(|text| Self(text.into()))
    }

    /// Whether a string in it, or a member's name, has half a surrogate pair.
    pub(crate) fn has_half_pair(&self) -> bool {
        // A canonical text has backslashes only in strings.
        RawString::checked(&self.0).to_text().is_none()
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
