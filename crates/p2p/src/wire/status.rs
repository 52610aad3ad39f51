use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::ids::BlockId;

/// The tip of a node's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The height of the tip.
    #[serde(rename = "h")]
    pub height: u64,
    /// The hash of the tip.
    #[serde(rename = "t")]
    pub tip: BlockId,
    /// What the rules compare tips by, at most 32 bytes. This crate does not read it.
    #[serde(rename = "w")]
    pub work: Bytes,
}

impl Status {
    const MAX_WORK: usize = 32;

    pub(crate) fn is_well_formed(&self) -> bool {
        self.work.len() <= Self::MAX_WORK
    }
}
