//! The members of a block or a transaction, in any order and with duplicates.

use crate::json::{self, Reader};
use crate::number::kind;
use crate::seam::ParseError;

/// The most characters of a peer's text that a message shows.
const SHOWN: usize = 200;

pub(super) type Read<T> = Result<T, ParseError>;

/// A member's value so far. Of duplicates the last one counts, as in Python.
pub(super) struct Member<T> {
    of: &'static str,
    name: &'static str,
    value: Option<Read<T>>,
}

impl<T> Member<T> {
    pub(super) fn new(of: &'static str, name: &'static str) -> Self {
        Self { of, name, value: None }
    }

    /// Reads the next value. If it is wrong, skips it as JSON and keeps the error: a later duplicate may replace it.
    pub(super) fn read<'a>(
        &mut self,
        reader: &mut Reader<'a>,
        value: impl FnOnce(&mut Reader<'a>) -> Read<T>,
    ) -> Read<()> {
        let place = reader.place();
        let value = value(reader);
        if value.is_err() {
            reader.go_back(place);
            json::skip(reader)?;
        }
        self.value = Some(value);
        Ok(())
    }

    pub(super) fn finish(self) -> Read<T> {
        self.value.unwrap_or(Err(ParseError::Missing { of: self.of, name: self.name }))
    }
}

/// Skips an unknown member. Keeps the error of the first one.
pub(super) fn skip_unknown(
    reader: &mut Reader<'_>,
    of: &'static str,
    name: &str,
    first: &mut Option<ParseError>,
) -> Read<()> {
    first.get_or_insert_with(|| ParseError::Unknown { of, name: name.chars().take(SHOWN).collect() });
    Ok(json::skip(reader)?)
}

/// The error for a member whose value is wrong: the value that the reader reads next.
pub(super) fn wrong_value(reader: &Reader<'_>, name: &'static str, expected: &'static str) -> ParseError {
    let mut reader = reader.clone();
    reader.peek();
    let found = match reader.clone().number() {
        Ok(number) => number.chars().take(SHOWN).collect(),
        Err(_) => kind(reader.rest()).to_owned(),
    };
    ParseError::Value { name, expected, found }
}
