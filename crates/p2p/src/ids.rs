use std::fmt;

use bytes::Bytes;
use libp2p::PeerId;
use serde::{Deserialize, Serialize};

/// The hash of a block. The user of this crate computes it; this crate only compares it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Bytes", into = "Bytes")]
pub struct BlockId(pub [u8; 32]);

impl TryFrom<Bytes> for BlockId {
    type Error = &'static str;

    fn try_from(bytes: Bytes) -> Result<Self, Self::Error> {
        bytes.as_ref().try_into().map(Self).map_err(|_| "a block id has 32 bytes")
    }
}

impl From<BlockId> for Bytes {
    fn from(id: BlockId) -> Self {
        Self::copy_from_slice(&id.0)
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, to)
    }
}

/// Identifies a payment in gossip: the node that sent it first, and that node's counter.
///
/// If a user sends the same signed payment twice, it has two of these and counts twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RelayId {
    /// The node that a user gave the payment to.
    pub origin: PeerId,
    /// Counts that node's messages. It starts at the clock's nanoseconds, so it also grows across a restart.
    pub counter: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_id_of_another_length_is_refused() {
        assert!(BlockId::try_from(Bytes::from_static(&[1; 31])).is_err());
        assert!(BlockId::try_from(Bytes::from_static(&[1; 33])).is_err());
        assert_eq!(BlockId::try_from(Bytes::from_static(&[1; 32])), Ok(BlockId([1; 32])));
    }

    #[test]
    fn block_id_is_shown_in_hex_and_sent_as_bytes() {
        let mut id = BlockId([0; 32]);
        (id.0[0], id.0[31]) = (0x0a, 0xff);
        assert_eq!(id.to_string(), format!("0a{}ff", "0".repeat(60)));
        assert_eq!(BlockId::try_from(Bytes::from(id)), Ok(id));
    }
}
