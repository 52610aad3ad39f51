//! Collects a value of any format as JSON text.

use std::any::type_name;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::doubt::{Doubtful, HAS_RAW_NUMBERS, may_be_an_integer};
use super::shape::{MAX_LEVELS, Shape};
use crate::number::{Number, NumberError};
use crate::python;

/// The newtype name for which serde_json's reader passes on a value's text instead of the value
/// (`serde_json::value::RawValue`). If the name changes, the reader passes on the value, and nothing is misread.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// The member in which serde_json passes on the text of a number with the feature `arbitrary_precision`.
const RAW_NUMBER: &str = "$serde_json::private::Number";

/// Collects the text of a value.
///
/// # Errors
///
/// The format's error, or one for a value that JSON does not have or that may have been another value.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D, shape: Shape) -> Result<String, D::Error> {
    let mut out = String::new();
    Collector { out: &mut out, shape, level: 0, is_text: false, tells_floats: false }
        .deserialize(deserializer)?;
    Ok(out)
}

/// Whether the deserializer is serde_json's reader of text, perhaps inside another crate's wrapper, and not a value
/// that serde_json has already read. A wrong answer loses exact numbers, but never misreads one.
fn reads_json_text<D>() -> bool {
    type_name::<D>().contains("serde_json::de::Deserializer<")
}

/// Appends one value to the text.
struct Collector<'a> {
    out: &'a mut String,
    shape: Shape,
    /// Nesting of the value in lists and objects.
    level: usize,
    /// Whether serde_json was asked for the value's text.
    is_text: bool,
    /// Whether the format distinguishes floats from integers, as binary formats do.
    tells_floats: bool,
}

impl<'de> DeserializeSeed<'de> for Collector<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        if reads_json_text::<D>() {
            self.is_text = true;
            return deserializer.deserialize_newtype_struct(RAW_VALUE, self);
        }
        self.value(deserializer)
    }
}

impl Collector<'_> {
    fn value<'de, D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        self.is_text = false;
        self.tells_floats = !deserializer.is_human_readable();
        match self.shape.members() {
            Some((name, members)) => deserializer.deserialize_struct(name, members, self),
            None => deserializer.deserialize_any(self),
        }
    }

    /// A collector for a nested value.
    fn inner<E: Error>(&mut self, shape: Shape) -> Result<Collector<'_>, E> {
        if self.level == MAX_LEVELS {
            return Err(E::custom(format_args!("more than {MAX_LEVELS} levels of lists and objects")));
        }
        Ok(Collector { out: self.out, shape, level: self.level + 1, ..*self })
    }

    fn name(&mut self, name: &str) {
        python::write_string(self.out, name).expect("memory takes what is written to it");
        self.out.push(':');
    }

    /// Collects a struct that was written without its names.
    fn members_in_order<'de, A: SeqAccess<'de>>(
        mut self,
        names: &[&'static str],
        mut seq: A,
    ) -> Result<(), A::Error> {
        self.out.push('{');
        for name in names {
            let begin = self.out.len();
            self.name(name);
            let shape = self.shape.member(name);
            if seq.next_element_seed(self.inner(shape)?)?.is_none() {
                self.out.truncate(begin);
                break;
            }
            self.out.push(',');
        }
        end(self.out, '}');
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::invalid_length(names.len() + 1, &self)),
        }
    }

    /// Replaces `{"…Number":"…"}`, written from this position on, with the text of the number.
    fn unwrap_number(&mut self, begin: usize) {
        let value = &self.out[begin + "{\"\":".len() + RAW_NUMBER.len()..];
        let digits = value.strip_prefix('"').and_then(|value| value.strip_suffix("\"}"));
        let is_number = |digits: &&str| Number::parse(digits) != Err(NumberError::Syntax);
        if let Some(digits) = digits.filter(is_number).map(str::to_owned) {
            self.out.replace_range(begin.., &digits);
        }
    }
}

impl<'de> Visitor<'de> for Collector<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.shape {
            Shape::Block => "a block",
            Shape::Transactions => "a list of transactions",
            Shape::Transaction => "a transaction",
            Shape::Any => "a value that JSON has",
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.value(deserializer)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.value(deserializer)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.out.push_str("null");
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.visit_u128(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.visit_i128(value.into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<(), E> {
        self.out.push_str(&value.to_string());
        Ok(())
    }

    fn visit_i128<E>(self, value: i128) -> Result<(), E> {
        self.out.push_str(&value.to_string());
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if !self.tells_floats && may_be_an_integer(value) {
            return Err(E::custom(Doubtful(value)));
        }
        python::write_any_float(self.out, value).expect("memory takes what is written to it");
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        python::write_string(self.out, value).expect("memory takes what is written to it");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        if let Some((_, members)) = self.shape.members() {
            return self.members_in_order(members, seq);
        }
        self.out.push('[');
        let shape = self.shape.element();
        while seq.next_element_seed(self.inner(shape)?)?.is_some() {
            self.out.push(',');
        }
        end(self.out, ']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let begin = self.out.len();
        let mut count = 0;
        let mut is_number = false;
        while let Some(name) = map.next_key::<String>()? {
            if self.is_text && count == 0 && name == RAW_VALUE {
                self.out.push_str(&map.next_value::<String>()?);
                return Ok(());
            }
            is_number = count == 0 && name == RAW_NUMBER && *HAS_RAW_NUMBERS;
            self.out.push_str(if count == 0 { "{" } else { "," });
            count += 1;
            self.name(&name);
            let shape = self.shape.member(&name);
            map.next_value_seed(self.inner(shape)?)?;
        }
        self.out.push_str(if count == 0 { "{}" } else { "}" });
        if is_number {
            self.unwrap_number(begin);
        }
        Ok(())
    }
}

/// Ends a list or an object. Removes the comma after its last value.
fn end(out: &mut String, bracket: char) {
    if out.ends_with(',') {
        out.pop();
    }
    out.push(bracket);
}
