//! Serialization, for blocks and transactions inside other types.
//!
//! JSON text is the canonical text, byte for byte. Other formats, and serde's own buffers, get the members as values in the
//! same order. What is written reads back as an equal value, or is refused.

use serde::ser::{Error, SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use crate::amount::Amount;
use crate::classic::block::Block;
use crate::classic::encode;
use crate::classic::members::Members;
use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::data_model::{check_json, write_json_text, writes_json_text};
use crate::number::{Number, Repr};
use crate::position::Timestamp;
use crate::recipient::Recipient;

/// Why a format that does not describe its values is refused: nobody could read the block back.
const NOT_DESCRIBED: &str = "this format does not describe its values, so a block could not be read back: an amount may be \
                             of any kind; use Block, which every format holds as a text";

/// A member's value.
#[derive(Serialize)]
#[serde(untagged)]
enum Member<'a> {
    Unsigned(u64),
    Hash(PreviousHash),
    Time(Timestamp),
    Transactions(&'a [Transaction<'a>]),
    Amount(&'a Amount<'a>),
    Recipient(&'a Recipient<'a>),
    Text(&'a str),
}

fn write<S: Serializer, const COUNT: usize>(
    serializer: S,
    name: &'static str,
    members: [(&'static str, Member<'_>); COUNT],
) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        let mut object = serializer.serialize_struct(name, COUNT)?;
        for (name, member) in &members {
            object.serialize_field(name, member)?;
        }
        return object.end();
    }
    // Formats that do not describe their values (bincode, postcard) refuse a map without a length: they could not read it back.
    let mut map = serializer.serialize_map(None).map_err(|_| S::Error::custom(NOT_DESCRIBED))?;
    for (name, member) in &members {
        map.serialize_entry(name, member)?;
    }
    map.end()
}

/// Refuses a payment that JSON cannot hold.
fn check<E: Error>(payment: &Transaction<'_>) -> Result<(), E> {
    if let Amount::Other(value) = &payment.amount {
        check_json(value)?;
    }
    match &payment.recipient {
        Recipient::Other(value) => check_json(value),
        Recipient::Text(_) => Ok(()),
    }
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if writes_json_text::<S>() {
            self.transactions.iter().try_for_each(check)?;
            return write_json_text(encode::text(self), serializer);
        }
        let members = [
            ("index", Member::Unsigned(self.index)),
            ("previous_hash", Member::Hash(self.previous_hash)),
            ("proof", Member::Unsigned(self.proof)),
            ("timestamp", Member::Time(self.timestamp)),
            ("transactions", Member::Transactions(&self.transactions)),
        ];
        write(serializer, "Block", members)
    }
}

/// Writes the canonical text in every format, even in one that has no `NaN` or does not describe its values. It reads back
/// as the same block with the same hash.
impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl Serialize for Transaction<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if writes_json_text::<S>() {
            check(self)?;
            return write_json_text(encode::transaction_text(self), serializer);
        }
        let members = [
            ("amount", Member::Amount(&self.amount)),
            ("recipient", Member::Recipient(&self.recipient)),
            ("sender", Member::Text(&self.sender)),
        ];
        write(serializer, "Transaction", members)
    }
}

impl Serialize for PreviousHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::GenesisNumber => serializer.serialize_u64(1),
            Self::GenesisText => serializer.serialize_str("1"),
            Self::Hash(hash) => hash.serialize(serializer),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Repr::Unsigned(value) => serializer.serialize_u64(value),
            Repr::Negative(value) => serializer.serialize_i64(value),
            // In JSON text, the digits must be Python's, as in the canonical text.
            Repr::Float(_) if writes_json_text::<S>() => write_json_text(self.to_string(), serializer),
            Repr::Float(bits) => serializer.serialize_f64(f64::from_bits(bits)),
        }
    }
}
