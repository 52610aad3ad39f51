//! Writing, for blocks and transactions that stand in other types.
//!
//! JSON text is the canonical text, to the byte. Other formats, and serde's own buffers, get the members as values in the
//! same order. What comes out reads back as an equal value, or is refused.

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

/// Why nothing is written to a format that could not be asked later what it holds.
const NOT_DESCRIBED: &str = "a format that does not say what its values are cannot hold a block's: an amount may be \
                             of any kind; hold it as a Block with its text, which every format keeps";

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
    // A map whose length is not told is what tells formats apart: bincode and postcard, which could not read it, refuse.
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

/// Written as the canonical text in every format, those among them that have no `NaN` or do not say what their values
/// are: what is read back is the same block with the same hash.
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
            // Python's text of a finite float is JSON, and where a text is written its digits come from one place.
            Repr::Float(_) if writes_json_text::<S>() => write_json_text(self.to_string(), serializer),
            Repr::Float(bits) => serializer.serialize_f64(f64::from_bits(bits)),
        }
    }
}
