//! Types that programs put a block into.

use std::borrow::Cow;
use std::collections::HashMap;

use ledger_core::{Amount, Members, Recipient, Transaction};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub(super) enum Internal {
    Block(Members<'static>),
    Payment(Transaction<'static>),
    Fork { ours: Members<'static>, theirs: Box<Members<'static>>, payment: Option<Transaction<'static>> },
    Nothing,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
pub(super) enum Adjacent {
    Block(Members<'static>),
    Payments(Vec<Transaction<'static>>),
    Pair(Members<'static>, Amount<'static>),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Untagged {
    Payment(Transaction<'static>),
    Block(Members<'static>),
    Chain(Vec<Members<'static>>),
    Named { name: String, block: Members<'static> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum External {
    Block(Members<'static>),
    Payment { payment: Transaction<'static> },
    Paid(Amount<'static>, Recipient<'static>),
}

/// A payment with its signature, as a user sends it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) signature: String,
    #[serde(flatten)]
    pub(super) payment: Transaction<'static>,
}

/// A block with members that a program keeps beside it, some of them unknown.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(flatten)]
    pub(super) block: Members<'static>,
    pub(super) seen: u32,
    #[serde(flatten)]
    pub(super) rest: HashMap<String, String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Newtype(pub(super) Members<'static>);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Transparent {
    pub(super) block: Members<'static>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Members<'static>", into = "Members<'static>")]
pub(super) struct Converted(pub(super) Members<'static>);

impl From<Members<'static>> for Converted {
    fn from(block: Members<'static>) -> Self {
        Self(block)
    }
}

impl From<Converted> for Members<'static> {
    fn from(converted: Converted) -> Self {
        converted.0
    }
}

impl Clone for Converted {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Optional<'a> {
    pub(super) borrowed: Cow<'a, Members<'static>>,
    #[serde(default)]
    pub(super) missing: Option<Members<'static>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) payments: Vec<Transaction<'static>>,
    #[serde(with = "in_a_list")]
    pub(super) listed: Members<'static>,
}

/// A module for serde's `with`: keeps a value in a list of one.
pub(super) mod in_a_list {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<T: Serialize, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        [value].serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        <[T; 1]>::deserialize(deserializer).map(|[value]| value)
    }
}
