//! The members of a user's JSON object, checked one by one, so that each refusal names the member.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::not_json::explain;
use crate::api::ApiError;

/// An object's members with the JSON text of their values.
pub(in crate::api) struct Members<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// Parses an object. A refusal shows `example`.
    ///
    /// # Errors
    ///
    /// [`ApiError::Bad`] if the body is not a JSON object, or has a member twice.
    pub(in crate::api) fn parse(body: &'a [u8], example: &str) -> Result<Self, ApiError> {
        serde_json::from_slice(body).map_err(|error| ApiError::Bad(explain(body, &error, example)))
    }

    /// Refuses members other than these.
    ///
    /// # Errors
    ///
    /// [`ApiError::Bad`] with the member and the known ones.
    pub(in crate::api) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let (name, known) = (shown(name), known.join(", "));
                Err(ApiError::Bad(format!("unknown member {name:?}; known members: {known}")))
            }
        }
    }

    /// Whether a member exists, even as null.
    pub(in crate::api) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The JSON text of a member; null if it is missing.
    pub(in crate::api) fn json(&self, name: &str) -> &str {
        self.0.get(name).map_or("null", |value| value.get())
    }

    /// A member that must be a text.
    ///
    /// # Errors
    ///
    /// [`ApiError::Bad`] with the member.
    pub(in crate::api) fn text(&self, name: &str) -> Result<Cow<'_, str>, ApiError> {
        let json = self.json(name);
        if !json.starts_with('"') {
            return Err(ApiError::Bad(format!("{name} must be a text")));
        }
        // Without escapes, the text is what is between the quotes: the parser has checked it.
        if !json.contains('\\') {
            return Ok(Cow::Borrowed(&json[1..json.len() - 1]));
        }
        serde_json::from_str(json)
            .map(Cow::Owned)
            .map_err(|error| ApiError::Bad(format!("{name} is not a well-formed text: {error}")))
    }
}

/// The beginning of a member's name, for a refusal.
fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let value: &RawValue = map.next_value().map_err(|_| {
                serde::de::Error::custom(format_args!("the value of {:?} is not JSON", shown(&name)))
            })?;
            match members.entry(name) {
                Entry::Vacant(free) => _ = free.insert(value),
                Entry::Occupied(taken) => {
                    let name = shown(taken.key());
                    return Err(serde::de::Error::custom(format_args!("duplicate member {name:?}")));
                }
            }
        }
        Ok(Members(members))
    }
}
