use libp2p::gossipsub::{IdentTopic, TopicHash};

use crate::network_id::NetworkId;

/// The two topics of a network.
#[derive(Debug, Clone)]
pub(crate) struct Topics {
    pub(crate) payments: IdentTopic,
    pub(crate) blocks: IdentTopic,
    payments_hash: TopicHash,
    blocks_hash: TopicHash,
}

/// What a message carries, by its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Payment,
    Block,
}

impl Topics {
    pub(crate) fn of(network: &NetworkId) -> Self {
        let (payments, blocks) = (network.topic("payments"), network.topic("blocks"));
        let (payments_hash, blocks_hash) = (payments.hash(), blocks.hash());
        Self { payments, blocks, payments_hash, blocks_hash }
    }

    pub(crate) fn kind(&self, topic: &TopicHash) -> Option<Kind> {
        [(&self.payments_hash, Kind::Payment), (&self.blocks_hash, Kind::Block)]
            .into_iter()
            .find_map(|(hash, kind)| (hash == topic).then_some(kind))
    }

    pub(crate) fn hashes(&self) -> [TopicHash; 2] {
        [self.payments_hash.clone(), self.blocks_hash.clone()]
    }
}
