//! What stands in every format as a text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::from_text::FromText;
use crate::hash::BlockHash;

/// Written as the 64 hex digits in every format.
impl Serialize for BlockHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlockHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::expecting("a block hash"))
    }
}
