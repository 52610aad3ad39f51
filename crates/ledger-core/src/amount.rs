//! The amount of a payment.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::json::{JsonError, JsonText, Reader};
use crate::number::{Number, NumberError, kind};
use crate::printable::Printable;

/// Maximum characters of a user's text amount.
pub const MAX_AMOUNT_TEXT: usize = 64;

/// Characters of an invalid text that the message shows.
const SHOWN: usize = 80;

/// The amount of a transaction: a number, or a text as the tutorial's own client sends it.
///
/// Its text is borrowed or owned. The kind is kept: `5`, `5.0` and `"5"` are three different amounts and hash
/// differently. A user's payment must pass [`Amount::check_payable`]. A Python node accepts whatever its owner
/// signed, so an amount in a peer's block may be any JSON value. Anything but a number in range or a text is
/// [`Amount::Other`], and is not counted.
///
/// # Examples
///
/// ```
/// use ledger_core::Amount;
///
/// let number = Amount::from_json("5.0")?;
/// let text = Amount::from_json("\"5.0\"")?;
/// assert_ne!(number, text);
/// assert_eq!(number.to_string(), text.to_string()); // both are signed as 5.0
/// # Ok::<(), ledger_core::AmountError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Amount<'a> {
    /// A JSON number.
    Number(Number),
    /// A JSON text.
    Text(Cow<'a, str>),
    /// Any other JSON value: `null`, a list, an integer past 64 bits, a float of 2^63 or more, a string with half a
    /// surrogate pair.
    Other(JsonText),
}

/// Why an amount is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// Neither a number nor a text.
    #[error("amount must be a number or a text, not {0}")]
    Kind(&'static str),
    /// A number out of range.
    #[error("amount: {0}")]
    Number(NumberError),
    /// A text that JSON does not allow, such as one with a lone surrogate.
    #[error("amount: the text is not well-formed: {0}")]
    Text(String),
    /// Zero or less.
    #[error("amount must be greater than zero, and {0} is not")]
    NotPositive(String),
    /// A text that is not a decimal number.
    #[error("amount must be a decimal number such as 5 or 0.25, not \"{}\"", Printable::foreign(.0))]
    NotDecimal(String),
    /// A text with more than [`MAX_AMOUNT_TEXT`] characters.
    #[error("amount must have at most {MAX_AMOUNT_TEXT} characters, and this one has {0}")]
    TooLong(usize),
}

impl From<NumberError> for AmountError {
    fn from(error: NumberError) -> Self {
        Self::Number(error)
    }
}

impl Amount<'static> {
    /// Parses the amount of a user's payment: a number or a text in JSON.
    ///
    /// # Errors
    ///
    /// [`AmountError`] with the reason.
    pub fn from_json(json: &str) -> Result<Self, AmountError> {
        match kind(json) {
            "a number" => Ok(Self::Number(Number::parse(json)?)),
            "a text" => serde_json::from_str(json)
                .map(|text| Self::Text(Cow::Owned(text)))
                .map_err(|error| AmountError::Text(error.to_string())),
            other => Err(AmountError::Kind(other)),
        }
    }
}

impl<'a> Amount<'a> {
    /// Checks the rules for a user's payment: greater than zero and, if it is a text, a decimal number (digits with
    /// at most one point, no sign or exponent) of at most [`MAX_AMOUNT_TEXT`] characters.
    ///
    /// # Errors
    ///
    /// [`AmountError::NotPositive`], [`AmountError::NotDecimal`] or [`AmountError::TooLong`]; for any other value
    /// the error of [`Amount::from_json`].
    pub fn check_payable(&self) -> Result<(), AmountError> {
        let positive = match self {
            Self::Number(number) => number.is_positive(),
            Self::Text(text) => is_positive_decimal(text)?,
            Self::Other(value) => {
                return Amount::from_json(value.as_str()).and_then(|amount| amount.check_payable());
            }
        };
        if positive { Ok(()) } else { Err(AmountError::NotPositive(self.to_string())) }
    }

    /// The amount with an owned text.
    #[must_use]
    pub fn into_owned(self) -> Amount<'static> {
        match self {
            Self::Number(number) => Amount::Number(number),
            Self::Text(text) => Amount::Text(Cow::Owned(text.into_owned())),
            Self::Other(value) => Amount::Other(value),
        }
    }

    /// Reads the next JSON value.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, JsonError> {
        if let Some(text) = reader.text_if_any()? {
            return Ok(Self::Text(text));
        }
        let mut digits = reader.clone();
        if let Ok(Ok(number)) = digits.number().map(Number::from_raw) {
            *reader = digits;
            return Ok(Self::Number(number));
        }
        Ok(Self::Other(JsonText::read(reader)?))
    }
}

fn is_positive_decimal(text: &str) -> Result<bool, AmountError> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(AmountError::NotDecimal(text.chars().take(SHOWN).collect()));
    }
    if text.len() > MAX_AMOUNT_TEXT {
        return Err(AmountError::TooLong(text.len()));
    }
    Ok(unsigned.len() == text.len() && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)))
}

/// Writes the amount like Python's `str`, which is how it is signed: the decimal integer, the float's `repr`, or
/// the text itself. For any other value, writes the canonical text; its signature cannot be verified here.
impl fmt::Display for Amount<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Other(value) => value.fmt(f),
        }
    }
}

impl From<u64> for Amount<'_> {
    fn from(value: u64) -> Self {
        Self::Number(value.into())
    }
}

impl From<&str> for Amount<'_> {
    fn from(text: &str) -> Self {
        Self::Text(Cow::Owned(text.to_owned()))
    }
}

impl From<Number> for Amount<'_> {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_exactly_the_limit_can_be_paid() {
        assert_eq!(Amount::from(&*"9".repeat(MAX_AMOUNT_TEXT)).check_payable(), Ok(()));
        let longer = Amount::from(&*"9".repeat(MAX_AMOUNT_TEXT + 1)).check_payable();
        assert_eq!(longer, Err(AmountError::TooLong(MAX_AMOUNT_TEXT + 1)));
    }
}
