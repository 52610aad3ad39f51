//! Blocks of any layout.

use std::str::FromStr;

use super::member::{Member, Read, skip_unknown, wrong_value};
use super::transaction::transaction_members;
use crate::classic::encode;
use crate::classic::members::Members;
use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::json::Reader;
use crate::number::Number;
use crate::seam::ParseError;

impl<'a> Members<'a> {
    /// Reads a block from JSON of any layout and member order. Borrows texts without an escape.
    ///
    /// # Errors
    ///
    /// [`ParseError`] naming the member that is unknown, missing or of a wrong kind.
    pub fn from_json(json: &'a [u8]) -> Result<Self, ParseError> {
        Self::of_canonical(json).map_or_else(|| block(json, usize::MAX), Ok)
    }
}

/// Like [`Members::from_json`], but copies the texts.
impl FromStr for Members<'_> {
    type Err = ParseError;

    fn from_str(json: &str) -> Result<Self, ParseError> {
        Members::from_json(json.as_bytes()).map(Members::into_owned)
    }
}

/// Reads all of the bytes as one block whose canonical text has at most `limit` bytes.
pub(super) fn block(json: &[u8], limit: usize) -> Read<Members<'_>> {
    let mut reader = Reader::new(json)?.within(limit);
    let block = block_members(&mut reader)?;
    reader.end()?;
    // The text is at most six times as long as the JSON (a character becomes an escape): small JSON needs no count.
    if json.len() > limit / 6 && encode::length(&block) > limit {
        return Err(ParseError::TooLong { limit });
    }
    Ok(block)
}

fn block_members<'a>(reader: &mut Reader<'a>) -> Read<Members<'a>> {
    const OF: &str = "block";
    let mut unknown = None;
    let mut index = Member::new(OF, "index");
    let mut previous_hash = Member::new(OF, "previous_hash");
    let mut proof = Member::new(OF, "proof");
    let mut timestamp = Member::new(OF, "timestamp");
    let mut transactions = Member::new(OF, "transactions");
    reader.object(|reader, name| match name.to_text().as_deref() {
        Some("index") => index.read(reader, |reader| unsigned(reader, "index")),
        Some("previous_hash") => previous_hash.read(reader, hash),
        Some("proof") => proof.read(reader, |reader| unsigned(reader, "proof")),
        Some("timestamp") => timestamp.read(reader, |reader| seconds(reader).map(Into::into)),
        Some("transactions") => transactions.read(reader, list),
        _ => skip_unknown(reader, OF, name.raw(), &mut unknown),
    })?;
    unknown.map_or(Ok(()), Err)?;
    Ok(Members {
        index: index.finish()?,
        previous_hash: previous_hash.finish()?,
        proof: proof.finish()?,
        timestamp: timestamp.finish()?,
        transactions: transactions.finish()?,
    })
}

fn list<'a>(reader: &mut Reader<'a>) -> Read<Vec<Transaction<'a>>> {
    if reader.peek() != Some(b'[') {
        return Err(wrong_value(reader, "transactions", "a list"));
    }
    let mut transactions = Vec::new();
    reader.list(|reader| {
        if reader.peek() != Some(b'{') {
            return Err(wrong_value(reader, "a transaction", "an object"));
        }
        transactions.push(transaction_members(reader)?);
        Ok::<_, ParseError>(())
    })?;
    Ok(transactions)
}

/// Reads an integer of 64 bits; `-0` is 0, as in Python.
fn unsigned(reader: &mut Reader<'_>, name: &'static str) -> Read<u64> {
    let mut digits = reader.clone();
    match digits.number().map(Number::from_raw) {
        Ok(Ok(number)) if number.as_u64().is_some() => {
            *reader = digits;
            Ok(number.as_u64().unwrap_or_default())
        }
        _ => Err(wrong_value(reader, name, "an integer from 0 to 2^64 - 1")),
    }
}

/// Reads a timestamp: an integer of 64 bits or a finite float.
pub(in crate::classic) fn seconds(reader: &mut Reader<'_>) -> Read<Number> {
    let mut digits = reader.clone();
    let expected = "a finite float or an integer from -2^63 to 2^64 - 1";
    match digits.number().ok().and_then(Number::finite) {
        Some(number) => {
            *reader = digits;
            Ok(number)
        }
        None => Err(wrong_value(reader, "timestamp", expected)),
    }
}

/// Reads the member that names the previous block.
pub(in crate::classic) fn hash(reader: &mut Reader<'_>) -> Read<PreviousHash> {
    let (name, expected) = ("previous_hash", "a text of 64 lower-case hex digits or, in a genesis, 1");
    let place = reader.place();
    match reader.text_if_any()?.as_deref() {
        Some("1") => Ok(PreviousHash::GenesisText),
        Some(hash) => hash.parse().map(PreviousHash::Hash).map_err(|_| {
            let found = "another text".into();
            ParseError::Value { name, expected, found }
        }),
        None if reader.number().is_ok_and(|number| number == "1") => Ok(PreviousHash::GenesisNumber),
        None => {
            reader.go_back(place);
            Err(wrong_value(reader, name, expected))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit_counts_the_canonical_text() {
        let json = r#"{"index":1,"previous_hash":1,"proof":1,"timestamp":1,"transactions":[]}"#;
        let length = encode::length(&json.parse().unwrap());
        assert!(block(json.as_bytes(), length).is_ok());
        let limit = length - 1;
        assert_eq!(block(json.as_bytes(), limit), Err(ParseError::TooLong { limit }));
    }
}
