//! Deserialization, from `serde_json` and any other format that describes its values.

use std::fmt::Display;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::amount::Amount;
use crate::classic::block::Block;
use crate::classic::members::Members;
use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::classic::read;
use crate::data_model::{self, FromText, Shape};
use crate::json::{self, JsonText};
use crate::number::{Number, NumberError, kind};
use crate::position::Timestamp;
use crate::recipient::Recipient;

/// Reads a value from its JSON text.
fn by_text<'de, D: Deserializer<'de>, T, E: Display>(
    deserializer: D,
    shape: Shape,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    read(&data_model::text(deserializer, shape)?).map_err(D::Error::custom)
}

/// Reads what [`Members::from_json`] reads, as far as the format can hold it. For formats that do not describe their
/// values, such as bincode and postcard, use [`Block`](crate::Block).
impl<'de> Deserialize<'de> for Members<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer, Shape::Block, str::parse)
    }
}

impl<'de> Deserialize<'de> for Block<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::expecting("the JSON of a block as a text"))
    }
}

/// Reads what [`Transaction::from_json`] reads, as far as the format can hold it.
impl<'de> Deserialize<'de> for Transaction<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer, Shape::Transaction, str::parse)
    }
}

impl<'de> Deserialize<'de> for Amount<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer, Shape::Any, |json| {
            json::whole(json.as_bytes(), Amount::read).map(Amount::into_owned)
        })
    }
}

impl<'de> Deserialize<'de> for Recipient<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer, Shape::Any, |json| {
            json::whole(json.as_bytes(), Recipient::read).map(Recipient::into_owned)
        })
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer, Shape::Any, |json| Self::parse(json.as_bytes()))
    }
}

impl<'de> Deserialize<'de> for PreviousHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer, Shape::Any, |json| json::whole(json.as_bytes(), read::hash))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = |json: &str| json::whole(json.as_bytes(), read::seconds);
        by_text(deserializer, Shape::Any, seconds).map(Self::from)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_text(deserializer, Shape::Any, |json| {
            Self::parse(json).map_err(|error| match error {
                NumberError::Syntax => format!("expected a number, not {}", kind(json)),
                other => other.to_string(),
            })
        })
    }
}
