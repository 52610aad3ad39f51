use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::ids::BlockId;

const WHOLE: u8 = 0;
const ANNOUNCED: u8 = 1;
const ANNOUNCEMENT_BYTES: usize = 1 + 32 + 8 + 4;

/// A block in gossip: the whole block, or what is needed to fetch it from the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BlockMessage {
    Whole(Bytes),
    /// `nonce` distinguishes announcements of the same block: a late one must not count as a duplicate.
    Announced {
        id: BlockId,
        length: u64,
        nonce: u32,
    },
}

impl BlockMessage {
    /// Bytes that a message has beyond its block.
    pub(crate) const OVERHEAD: usize = ANNOUNCEMENT_BYTES;

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut to = BytesMut::new();
        match self {
            Self::Whole(block) => {
                to.reserve(1 + block.len());
                to.put_u8(WHOLE);
                to.put_slice(block);
            }
            Self::Announced { id, length, nonce } => {
                to.put_u8(ANNOUNCED);
                to.put_slice(&id.0);
                to.put_u64(*length);
                to.put_u32(*nonce);
            }
        }
        to.into()
    }

    /// Reads a message. `None` if it is neither kind.
    pub(crate) fn read(mut from: Bytes) -> Option<Self> {
        let kind = from.try_get_u8().ok()?;
        match kind {
            WHOLE => Some(Self::Whole(from)),
            ANNOUNCED if from.len() == ANNOUNCEMENT_BYTES - 1 => {
                let mut id = [0; 32];
                from.copy_to_slice(&mut id);
                Some(Self::Announced { id: BlockId(id), length: from.get_u64(), nonce: from.get_u32() })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_read_back() {
        let announced = BlockMessage::Announced { id: BlockId([7; 32]), length: 5 << 20, nonce: 3 };
        for message in [BlockMessage::Whole(Bytes::from_static(b"{}")), announced] {
            assert_eq!(BlockMessage::read(message.to_bytes().into()), Some(message));
        }
    }

    #[test]
    fn messages_of_no_kind_are_refused() {
        let announced = BlockMessage::Announced { id: BlockId([7; 32]), length: 9, nonce: 3 }.to_bytes();
        for bytes in [&[][..], &[2], &announced[..44], &[announced.as_slice(), &[0]].concat()] {
            assert_eq!(BlockMessage::read(Bytes::copy_from_slice(bytes)), None);
        }
    }
}
