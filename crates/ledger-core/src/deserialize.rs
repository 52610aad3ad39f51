//! Reading by serde_json, for blocks and transactions that stand inside other JSON.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::block::Block;
use crate::transaction::Transaction;

/// Reads what [`Block::from_json`] reads, but for what serde_json takes for no JSON: `NaN` and the infinities. Only
/// serde_json can hand over the text of the block, which this takes.
impl<'de> Deserialize<'de> for Block {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_json(raw.get().as_bytes()).map_err(D::Error::custom)
    }
}

/// Reads what [`Transaction::from_json`] reads, within the bounds of serde_json, as for a block.
impl<'de> Deserialize<'de> for Transaction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_json(raw.get().as_bytes()).map_err(D::Error::custom)
    }
}
