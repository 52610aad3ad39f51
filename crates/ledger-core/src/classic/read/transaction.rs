//! Transactions of any layout.

use std::borrow::Cow;
use std::str::FromStr;

use super::member::{Member, Read, skip_unknown, wrong_value};
use crate::amount::Amount;
use crate::classic::payment::Transaction;
use crate::json::{self, Reader};
use crate::recipient::Recipient;
use crate::seam::ParseError;

impl<'a> Transaction<'a> {
    /// Reads a transaction from JSON of any layout and member order. Borrows texts without an escape.
    ///
    /// # Errors
    ///
    /// [`ParseError`] naming the member that is unknown, missing or of a wrong kind.
    pub fn from_json(json: &'a [u8]) -> Result<Self, ParseError> {
        json::whole(json, transaction_members)
    }
}

/// Like [`Transaction::from_json`], but copies the texts.
impl FromStr for Transaction<'_> {
    type Err = ParseError;

    fn from_str(json: &str) -> Result<Self, ParseError> {
        Transaction::from_json(json.as_bytes()).map(Transaction::into_owned)
    }
}

/// Reads the next value as a transaction.
pub(super) fn transaction_members<'a>(reader: &mut Reader<'a>) -> Read<Transaction<'a>> {
    const OF: &str = "transaction";
    let mut unknown = None;
    let mut amount = Member::new(OF, "amount");
    let mut recipient = Member::new(OF, "recipient");
    let mut sender = Member::new(OF, "sender");
    reader.object(|reader, name| match name.to_text().as_deref() {
        Some("amount") => amount.read(reader, |reader| Ok(Amount::read(reader)?)),
        Some("recipient") => recipient.read(reader, |reader| Ok(Recipient::read(reader)?)),
        Some("sender") => sender.read(reader, text),
        _ => skip_unknown(reader, OF, name.raw(), &mut unknown),
    })?;
    unknown.map_or(Ok(()), Err)?;
    Ok(Transaction { amount: amount.finish()?, recipient: recipient.finish()?, sender: sender.finish()? })
}

fn text<'a>(reader: &mut Reader<'a>) -> Read<Cow<'a, str>> {
    match reader.text_if_any()? {
        Some(text) => Ok(text),
        None => Err(wrong_value(reader, "sender", "a text without half surrogate pairs")),
    }
}
