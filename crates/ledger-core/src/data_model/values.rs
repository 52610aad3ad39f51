//! Writes any JSON value.

use std::any::type_name;

use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::shape::MAX_LEVELS;
use crate::json::{JsonError, JsonText, Reader};
use crate::printable::Printable;
use crate::python;

/// Refuses what the format cannot express: `NaN`, the infinities and half a surrogate pair, which Python writes,
/// are not JSON.
impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if writes_json_text::<S>() {
            check_json(self)?;
            return write_json_text(self.as_str().to_owned(), serializer);
        }
        Value { text: self.as_str(), level: 0 }.serialize(serializer)
    }
}

/// Whether this is serde_json's serializer, which takes a text unchanged. A wrong `false` loses integers past 64
/// bits.
pub(crate) fn writes_json_text<S>() -> bool {
    type_name::<S>().starts_with("&mut serde_json::ser::Serializer<")
}

/// Writes a canonical text unchanged, for serde_json's serializer.
pub(crate) fn write_json_text<S: Serializer>(text: String, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
}

/// Refuses a value with a `NaN`, an infinity or half a surrogate pair.
pub(crate) fn check_json<E: Error>(value: &JsonText) -> Result<(), E> {
    let is_json = serde_json::from_str::<&RawValue>(value.as_str()).is_ok() && !value.has_half_pair();
    if is_json { Ok(()) } else { Err(not_json(value.as_str())) }
}

/// A part of a canonical text.
struct Value<'a> {
    text: &'a str,
    level: usize,
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text {
            "null" => serializer.serialize_unit(),
            "true" => serializer.serialize_bool(true),
            "false" => serializer.serialize_bool(false),
            "NaN" => self.non_finite(serializer, f64::NAN),
            "Infinity" => self.non_finite(serializer, f64::INFINITY),
            "-Infinity" => self.non_finite(serializer, f64::NEG_INFINITY),
            text => match text.as_bytes().first() {
                Some(b'"') => self.string(serializer),
                Some(b'[') => self.list(serializer),
                Some(b'{') => self.object(serializer),
                _ => self.number(serializer),
            },
        }
    }
}

impl<'a> Value<'a> {
    /// Writes a `NaN` or an infinity, which only binary formats are known to keep: JSON's serializers turn it into null.
    fn non_finite<S: Serializer>(&self, serializer: S, value: f64) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return Err(not_json(self.text));
        }
        serializer.serialize_f64(value)
    }

    fn string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.reader().and_then(|mut reader| reader.string()).map_err(S::Error::custom)?;
        serializer.serialize_str(&text.to_text().ok_or_else(|| not_json(self.text))?)
    }

    fn number<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.text.contains(['.', 'e']) {
            let float = python::read_float(self.text).expect("a canonical text holds numbers");
            return serializer.serialize_f64(float);
        }
        if let Ok(integer) = self.text.parse() {
            return serializer.serialize_u64(integer);
        }
        if let Ok(integer) = self.text.parse() {
            return serializer.serialize_i64(integer);
        }
        Err(S::Error::custom(format_args!(
            "the integer {} has more than 64 bits; a Block and canonical::text write it",
            Printable::foreign(self.text)
        )))
    }

    fn list<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut elements = Vec::new();
        let collected = self.reader().and_then(|mut reader| {
            reader.list(|reader| {
                elements.push(reader.take()?);
                Ok::<_, JsonError>(())
            })
        });
        collected.map_err(S::Error::custom)?;
        let mut list = serializer.serialize_seq(Some(elements.len()))?;
        for element in elements {
            list.serialize_element(&self.inner(element)?)?;
        }
        list.end()
    }

    fn object<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = Vec::new();
        let collected = self.reader().and_then(|mut reader| {
            reader.object(|reader, name| {
                members.push((name.to_text(), reader.take()?));
                Ok::<_, JsonError>(())
            })
        });
        collected.map_err(S::Error::custom)?;
        let mut map = serializer.serialize_map(Some(members.len()))?;
        for (name, member) in members {
            let name = name.ok_or_else(|| not_json(self.text))?;
            map.serialize_entry(&name, &self.inner(member)?)?;
        }
        map.end()
    }

    fn reader(&self) -> Result<Reader<'a>, JsonError> {
        Reader::new(self.text.as_bytes())
    }

    fn inner<E: Error>(&self, text: &'a str) -> Result<Value<'a>, E> {
        if self.level == MAX_LEVELS {
            return Err(E::custom(format_args!("more than {MAX_LEVELS} levels of lists and objects")));
        }
        Ok(Value { text, level: self.level + 1 })
    }
}

fn not_json<E: Error>(value: &str) -> E {
    E::custom(format_args!(
        "JSON has no NaN, no infinities and no half surrogate pairs, and one is in {}; a Block with its text and \
         canonical::text write it as Python does",
        Printable::foreign(value)
    ))
}
