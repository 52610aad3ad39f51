//! Reads canonical texts in place. A block that is accepted here has exactly these bytes as its canonical text.

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::amount::Amount;
use crate::classic::members::Members;
use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::number::Number;
use crate::python;
use crate::recipient::Recipient;

/// Transactions for which memory is reserved at first.
const USUAL_TRANSACTIONS: usize = 8;

impl<'a> Members<'a> {
    /// Reads a block in place if the bytes are its canonical text, no string has an escape, and every amount is a number
    /// or a text and every recipient a text.
    ///
    /// The block's hash is then [`BlockHash::of_text`](crate::BlockHash::of_text) of the bytes. `None` does not mean that
    /// the bytes are not a block: [`Members::from_json`] may still read one.
    #[must_use]
    pub fn of_canonical(text: &'a [u8]) -> Option<Self> {
        block(std::str::from_utf8(text).ok()?)
    }
}

/// Reads the whole text as one block.
pub(super) fn block(text: &str) -> Option<Members<'_>> {
    let mut reader = Reader { rest: text };
    reader.literal("{\"index\": ")?;
    let index = reader.unsigned()?;
    reader.literal(", \"previous_hash\": ")?;
    let previous_hash = reader.previous_hash()?;
    reader.literal(", \"proof\": ")?;
    let proof = reader.unsigned()?;
    reader.literal(", \"timestamp\": ")?;
    let timestamp = reader.number()?.into();
    reader.literal(", \"transactions\": [")?;
    let transactions = reader.transactions()?;
    reader.literal("]}")?;
    reader.rest.is_empty().then_some(Members { index, previous_hash, proof, timestamp, transactions })
}

/// The text that is left to read. Of no use after a method has returned `None`.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn literal(&mut self, expected: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    fn transactions(&mut self) -> Option<Vec<Transaction<'a>>> {
        if self.rest.starts_with(']') {
            return Some(Vec::new());
        }
        let mut transactions = Vec::with_capacity(USUAL_TRANSACTIONS);
        loop {
            transactions.push(self.transaction()?);
            if self.literal(", ").is_none() {
                return Some(transactions);
            }
        }
    }

    fn transaction(&mut self) -> Option<Transaction<'a>> {
        self.literal("{\"amount\": ")?;
        let amount = self.amount()?;
        self.literal(", \"recipient\": ")?;
        let recipient = self.string().map(|text| Recipient::Text(Cow::Borrowed(text)))?;
        self.literal(", \"sender\": ")?;
        let sender = self.string().map(Cow::Borrowed)?;
        self.literal("}")?;
        Some(Transaction { amount, recipient, sender })
    }

    fn amount(&mut self) -> Option<Amount<'a>> {
        if self.rest.starts_with('"') {
            return self.string().map(|text| Amount::Text(Cow::Borrowed(text)));
        }
        self.number().map(Amount::Number)
    }

    fn previous_hash(&mut self) -> Option<PreviousHash> {
        if !self.rest.starts_with('"') {
            return self.literal("1").map(|()| PreviousHash::GenesisNumber);
        }
        match self.string()? {
            "1" => Some(PreviousHash::GenesisText),
            hash => hash.parse().map(PreviousHash::Hash).ok(),
        }
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'a str> {
        self.literal("\"")?;
        let end = python::first_special(self.rest.as_bytes())?;
        let (string, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.literal("\"")?;
        Some(string)
    }

    fn unsigned(&mut self) -> Option<u64> {
        unsigned(self.number_text())
    }

    fn number(&mut self) -> Option<Number> {
        let text = self.number_text();
        if let Some(unsigned) = unsigned(text) {
            return Some(unsigned.into());
        }
        // Canonical only if we would write it with the same digits.
        let number = Number::from_raw(text).ok()?;
        let mut expected = Expected(text);
        write!(expected, "{number}").ok()?;
        expected.0.is_empty().then_some(number)
    }

    fn number_text(&mut self) -> &'a str {
        let ends = |byte: u8| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e');
        let end = self.rest.bytes().position(ends).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        number
    }
}

/// Reads an integer without a sign and without leading zeros.
fn unsigned(text: &str) -> Option<u64> {
    let canonical = text == "0" || text.starts_with(|first: char| ('1'..='9').contains(&first));
    if canonical { text.parse().ok() } else { None }
}

/// Compares what is written to it with a text. Holds the rest of the text.
struct Expected<'a>(&'a str);

impl Write for Expected<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
        Ok(())
    }
}
