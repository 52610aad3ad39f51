use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use libp2p::gossipsub::{DataTransform, Message, RawMessage, TopicHash};

/// What gossip has cost, copies of the same message included.
#[derive(Debug, Default)]
pub(crate) struct GossipCounts {
    pub(crate) copies: AtomicU64,
    pub(crate) bytes: AtomicU64,
}

/// Counts messages where gossipsub reads them, and changes nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted(pub(super) Arc<GossipCounts>);

impl DataTransform for Counted {
    fn inbound_transform(&self, raw: RawMessage) -> io::Result<Message> {
        self.0.copies.fetch_add(1, Relaxed);
        self.0.bytes.fetch_add(raw.data.len() as u64, Relaxed);
        let RawMessage { source, data, sequence_number, topic, .. } = raw;
        Ok(Message { source, data, sequence_number, topic })
    }

    fn outbound_transform(&self, _: &TopicHash, data: Vec<u8>) -> io::Result<Vec<u8>> {
        Ok(data)
    }
}
