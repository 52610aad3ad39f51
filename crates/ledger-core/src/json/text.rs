//! Any JSON value, kept by its canonical text.

use std::fmt;

use super::error::JsonError;
use super::reader::Reader;
use super::string::RawString;
use super::value;

/// Any JSON value, kept by its canonical text: what Python's `json.dumps(value, sort_keys=True)` prints.
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
    /// Reads a value of any layout.
    ///
    /// # Errors
    ///
    /// [`JsonError`] for what Python's `json` would not read, and for more than [`MAX_DEPTH`](crate::MAX_DEPTH) levels.
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

    /// Whether a text in it, or a member's name, has half a surrogate pair.
    pub(crate) fn has_half_pair(&self) -> bool {
        // Outside of texts no backslash stands in a canonical text.
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
