//! JSON numbers with Python's distinction: an integer is not a float, even of the same value.

use std::fmt;

use crate::json::Reader;
use crate::python;

/// A float's magnitude must be below this: 2^63.
pub(crate) const FLOAT_LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// A JSON number with its kind: `5` and `5.0` are different numbers and hash differently.
///
/// Integers have 64 bits, signed or unsigned (-2^63 to 2^64 - 1). Floats are finite, with a magnitude below 2^63,
/// except for the [`Timestamp`](crate::Timestamp) of a peer's block, which may be any finite one. Numbers are equal
/// if their hashed texts are, so `0.0` and `-0.0` differ.
///
/// # Examples
///
/// ```
/// use ledger_core::Number;
///
/// assert_eq!(Number::parse("5")?.to_string(), "5");
/// assert_eq!(Number::parse("5e0")?.to_string(), "5.0");
/// assert_ne!(Number::parse("5")?, Number::parse("5.0")?);
/// assert!(Number::parse("18446744073709551616").is_err());
/// # Ok::<(), ledger_core::NumberError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number(pub(crate) Repr);

/// The representation of a number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Repr {
    Unsigned(u64),
    /// Always below zero.
    Negative(i64),
    /// The bits of a finite float.
    Float(u64),
}

/// Why a number is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// The integer does not fit 64 bits.
    #[error("an integer must lie between -2^63 and 2^64 - 1")]
    IntegerRange,
    /// The float is not finite, or its magnitude is 2^63 or more.
    #[error("a float must be finite and of a magnitude below 2^63")]
    FloatRange,
    /// The text is not a JSON number.
    #[error("not a JSON number")]
    Syntax,
}

impl Number {
    /// Parses a number from its JSON text, with exact rounding. An integer stays an integer.
    ///
    /// # Errors
    ///
    /// [`NumberError`] for a text that is not a JSON number or is out of range.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let mut reader = Reader::new(text.as_bytes()).map_err(|_| NumberError::Syntax)?;
        let number = reader.number().map_err(|_| NumberError::Syntax)?;
        reader.end().map_err(|_| NumberError::Syntax)?;
        Self::from_raw(number)
    }

    /// Parses a number from the text of a JSON value, which is known to be well-formed.
    pub(crate) fn from_raw(json: &str) -> Result<Self, NumberError> {
        if !json.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(NumberError::Syntax);
        }
        if json.contains(['.', 'e', 'E']) {
            return python::read_float(json).ok_or(NumberError::Syntax)?.try_into();
        }
        if let Ok(unsigned) = json.parse::<u64>() {
            return Ok(unsigned.into());
        }
        // "-0" is the integer 0, as in Python.
        json.parse::<i64>().map(Self::from).map_err(|_| NumberError::IntegerRange)
    }

    /// Parses a JSON number, including floats of any magnitude; none if it is out of range.
    pub(crate) fn finite(json: &str) -> Option<Self> {
        match Self::from_raw(json) {
            Err(NumberError::FloatRange) => {
                let float = python::read_float(json)?;
                float.is_finite().then_some(Self(Repr::Float(float.to_bits())))
            }
            other => other.ok(),
        }
    }

    /// The value as an unsigned integer, if it is one.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self.0 {
            Repr::Unsigned(value) => Some(value),
            _ => None,
        }
    }

    /// The value as an integer, if it is one. A float never is.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        match self.0 {
            Repr::Unsigned(value) => Some(value.into()),
            Repr::Negative(value) => Some(value.into()),
            Repr::Float(_) => None,
        }
    }

    /// The value as the nearest float.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        match self.0 {
            Repr::Unsigned(value) => value as f64,
            Repr::Negative(value) => value as f64,
            Repr::Float(bits) => f64::from_bits(bits),
        }
    }

    /// Whether the value is greater than zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.to_f64() > 0.0
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(Repr::Unsigned(value))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        match u64::try_from(value) {
            Ok(unsigned) => Self(Repr::Unsigned(unsigned)),
            Err(_) => Self(Repr::Negative(value)),
        }
    }
}

impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(value: f64) -> Result<Self, NumberError> {
        if value.is_finite() && value.abs() < FLOAT_LIMIT {
            Ok(Self(Repr::Float(value.to_bits())))
        } else {
            Err(NumberError::FloatRange)
        }
    }
}

/// Writes the number as Python's `str` and `json.dumps` do.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Unsigned(value) => write!(f, "{value}"),
            Repr::Negative(value) => write!(f, "{value}"),
            Repr::Float(bits) => python::write_float(f, f64::from_bits(bits)),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names the kind of a JSON value for a message.
pub(crate) fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'"') => "a text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(b'N') => "NaN",
        Some(b'I') => "Infinity",
        Some(b'-') if json.starts_with("-I") => "-Infinity",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_integers_have_an_integer_value() {
        let integer = |text: &str| Number::parse(text).unwrap().to_i128();
        assert_eq!(integer("18446744073709551615"), Some(u64::MAX.into()));
        assert_eq!(integer("-9223372036854775808"), Some(i64::MIN.into()));
        assert_eq!(integer("5.0"), None);
    }

    #[test]
    fn beginning_of_a_value_shows_its_kind() {
        for (json, named) in [
            (r#""x""#, "a text"),
            ("{}", "an object"),
            ("[]", "a list"),
            ("true", "a boolean"),
            ("null", "null"),
            ("NaN", "NaN"),
            ("Infinity", "Infinity"),
            ("-Infinity", "-Infinity"),
            ("-5", "a number"),
        ] {
            assert_eq!(kind(json), named);
        }
    }
}
