//! Types that programs put a block into.

use std::borrow::Cow;
use std::collections::HashMap;

use ledger_core::{Amount, Block, Recipient, Transaction};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub(super) enum Internal {
    Block(Block),
    Payment(Transaction),
    Fork { ours: Block, theirs: Box<Block>, payment: Option<Transaction> },
    Nothing,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
pub(super) enum Adjacent {
    Block(Block),
    Payments(Vec<Transaction>),
    Pair(Block, Amount),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Untagged {
    Payment(Transaction),
    Block(Block),
    Chain(Vec<Block>),
    Named { name: String, block: Block },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum External {
    Block(Block),
    Payment { payment: Transaction },
    Paid(Amount, Recipient),
}

/// What a user posts: a payment, with its signature beside it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) signature: String,
    #[serde(flatten)]
    pub(super) payment: Transaction,
}

/// A block with what a program keeps beside it, members that it does not know among them.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(flatten)]
    pub(super) block: Block,
    pub(super) seen: u32,
    #[serde(flatten)]
    pub(super) rest: HashMap<String, String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Newtype(pub(super) Block);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Transparent {
    pub(super) block: Block,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Block", into = "Block")]
pub(super) struct Converted(pub(super) Block);

impl From<Block> for Converted {
    fn from(block: Block) -> Self {
        Self(block)
    }
}

impl From<Converted> for Block {
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
    pub(super) borrowed: Cow<'a, Block>,
    #[serde(default)]
    pub(super) missing: Option<Block>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) payments: Vec<Transaction>,
    #[serde(with = "in_a_list")]
    pub(super) listed: Block,
}

/// A module for `with`, which keeps a value in a list of one.
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
