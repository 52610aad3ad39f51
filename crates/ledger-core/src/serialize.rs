//! Writing by serde_json, for blocks and transactions that stand inside other JSON.
//!
//! The members are written in the order of the canonical text, but not in its layout: what is hashed is
//! [`canonical::text`](crate::canonical::text). What comes out reads back through [`Block`](crate::Block)'s and
//! [`Transaction`](crate::Transaction)'s `Deserialize` as an equal value. (A [`serde_json::Value`] between the two keeps
//! integers past 64 bits as floats.)

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::block::PreviousHash;
use crate::json::JsonText;
use crate::printable::Printable;

impl Serialize for PreviousHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::GenesisNumber => serializer.serialize_u64(1),
            Self::GenesisText => serializer.serialize_str("1"),
            Self::Hash(hash) => hash.serialize(serializer),
        }
    }
}

/// Refuses what Python writes and JSON does not know: `NaN`, the infinities, and half a surrogate pair, wherever they
/// stand in the value.
impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.as_str().to_owned()).ok().filter(|_| !self.has_half_pair());
        let raw = raw.ok_or_else(|| {
            S::Error::custom(format_args!(
                "JSON has no NaN, no infinities and no half surrogate pairs, and one is in {}; canonical::text writes it \
                 as Python does",
                Printable::foreign(self)
            ))
        })?;
        raw.serialize(serializer)
    }
}
