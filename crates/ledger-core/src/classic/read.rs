//! Blocks and transactions, read from JSON of any layout as Python's `json` reads it: of members with the same name the
//! last one counts, and what stood before it need only be JSON.

use crate::amount::Amount;
use crate::classic::block::{Block, PreviousHash};
use crate::classic::encode;
use crate::classic::payment::Transaction;
use crate::json::{self, JsonError, Reader};
use crate::number::{Number, kind};
use crate::printable::Printable;
use crate::recipient::Recipient;

/// The most characters of a neighbour's text that a message shows.
const SHOWN: usize = 200;

/// Why a text is not a block, or not a transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The text is not JSON.
    #[error("not well-formed: {0}")]
    Json(#[from] JsonError),
    /// There is a member that the protocol does not know.
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
    /// A member has a value it may not have.
    #[error("not well-formed: {name} must be {expected}, not {found}")]
    Value {
        /// The member.
        name: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
}

type Read<T> = Result<T, ParseError>;

/// Reads a block that is all of the bytes, and whose canonical text has at most so many.
pub(crate) fn block(json: &[u8], limit: usize) -> Read<Block> {
    let mut reader = Reader::new(json)?.within(limit);
    let block = block_members(&mut reader)?;
    reader.end()?;
    // Nothing is written longer than six times what was read: a character as its escape.
    if json.len() > limit / 6 && encode::length(&block) > limit {
        return Err(ParseError::TooLong { limit });
    }
    Ok(block)
}

/// Reads a transaction that is all of the bytes.
pub(crate) fn transaction(json: &[u8]) -> Read<Transaction> {
    whole(json, transaction_members)
}

/// Reads a value that is all of the bytes.
pub(crate) fn whole<T, E: From<JsonError>>(
    json: &[u8],
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut reader = Reader::new(json)?;
    let value = read(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn block_members(reader: &mut Reader<'_>) -> Read<Block> {
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
        _ => pass(reader, OF, name.raw(), &mut unknown),
    })?;
    unknown.map_or(Ok(()), Err)?;
    Ok(Block {
        index: index.finish()?,
        previous_hash: previous_hash.finish()?,
        proof: proof.finish()?,
        timestamp: timestamp.finish()?,
        transactions: transactions.finish()?,
    })
}

fn transaction_members(reader: &mut Reader<'_>) -> Read<Transaction> {
    const OF: &str = "transaction";
    let mut unknown = None;
    let mut amount = Member::new(OF, "amount");
    let mut recipient = Member::new(OF, "recipient");
    let mut sender = Member::new(OF, "sender");
    reader.object(|reader, name| match name.to_text().as_deref() {
        Some("amount") => amount.read(reader, |reader| Ok(Amount::read(reader)?)),
        Some("recipient") => recipient.read(reader, |reader| Ok(Recipient::read(reader)?)),
        Some("sender") => sender.read(reader, text),
        _ => pass(reader, OF, name.raw(), &mut unknown),
    })?;
    unknown.map_or(Ok(()), Err)?;
    Ok(Transaction { amount: amount.finish()?, recipient: recipient.finish()?, sender: sender.finish()? })
}

/// The last value so far of a member, or what is wrong with it.
struct Member<T> {
    of: &'static str,
    name: &'static str,
    value: Option<Read<T>>,
}

impl<T> Member<T> {
    fn new(of: &'static str, name: &'static str) -> Self {
        Self { of, name, value: None }
    }

    /// Takes the next value. One that is wrong is passed over, if it is JSON: another may come in its place.
    fn read<'a>(
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

    fn finish(self) -> Read<T> {
        self.value.unwrap_or(Err(ParseError::Missing { of: self.of, name: self.name }))
    }
}

/// Passes over a member that is not known, and remembers the first one.
fn pass(reader: &mut Reader<'_>, of: &'static str, name: &str, first: &mut Option<ParseError>) -> Read<()> {
    first.get_or_insert_with(|| ParseError::Unknown { of, name: name.chars().take(SHOWN).collect() });
    Ok(json::skip(reader)?)
}

fn list(reader: &mut Reader<'_>) -> Read<Vec<Transaction>> {
    if reader.peek() != Some(b'[') {
        return Err(wrong(reader, "transactions", "a list"));
    }
    let mut transactions = Vec::new();
    reader.list(|reader| {
        if reader.peek() != Some(b'{') {
            return Err(wrong(reader, "a transaction", "an object"));
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
        _ => Err(wrong(reader, name, "an integer from 0 to 2^64 - 1")),
    }
}

/// Reads a timestamp: an integer of 64 bits or any float that is finite.
pub(crate) fn seconds(reader: &mut Reader<'_>) -> Read<Number> {
    let mut digits = reader.clone();
    let expected = "a finite float or an integer from -2^63 to 2^64 - 1";
    match digits.number().ok().and_then(Number::finite) {
        Some(number) => {
            *reader = digits;
            Ok(number)
        }
        None => Err(wrong(reader, "timestamp", expected)),
    }
}

fn text(reader: &mut Reader<'_>) -> Read<String> {
    match reader.text_if_any()? {
        Some(text) => Ok(text),
        None => Err(wrong(reader, "sender", "a text without half surrogate pairs")),
    }
}

/// Reads what names the block before.
pub(crate) fn hash(reader: &mut Reader<'_>) -> Read<PreviousHash> {
    let place = reader.place();
    let found = match reader.text_if_any()?.as_deref() {
        Some("1") => Some(PreviousHash::GenesisText),
        Some(hash) => hash.parse().map(PreviousHash::Hash).ok(),
        None => reader.number().is_ok_and(|number| number == "1").then_some(PreviousHash::GenesisNumber),
    };
    found.ok_or_else(|| {
        reader.go_back(place);
        wrong(reader, "previous_hash", "64 lower-case hex digits or, in genesis, 1")
    })
}

/// The error of a member whose value comes next.
fn wrong(reader: &Reader<'_>, name: &'static str, expected: &'static str) -> ParseError {
    let mut reader = reader.clone();
    reader.peek();
    let found = match reader.clone().number() {
        Ok(number) => number.chars().take(SHOWN).collect(),
        Err(_) => kind(reader.rest()).to_owned(),
    };
    ParseError::Value { name, expected, found }
}
