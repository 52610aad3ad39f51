use std::{sync::Arc, time::Duration};

use libp2p::gossipsub::{
    self, ConfigBuilder, MaxCountSubscriptionFilter, Message, MessageAuthenticity, MessageId, ValidationMode,
    WhitelistSubscriptionFilter,
};
use sha2::{Digest, Sha256};

use super::{
    counted::{Counted, GossipCounts},
    scores::{scores, thresholds},
    topics::{Kind, Topics},
};
use crate::{error::StartError, identity::Identity, settings::GossipLimits, wire::BlockMessage};

/// Gossipsub that hears of no other topics than ours.
pub(crate) type Gossipsub =
    gossipsub::Behaviour<Counted, MaxCountSubscriptionFilter<WhitelistSubscriptionFilter>>;

const HEARTBEAT: Duration = Duration::from_secs(1);
/// Bytes of a message beyond its data: origin, counter, topic and signature.
const FRAME: usize = 512;

/// Builds gossipsub with our topics, limits and scores.
pub(crate) fn gossipsub(
    identity: &Identity,
    topics: &Topics,
    limits: &GossipLimits,
    counts: Arc<GossipCounts>,
) -> Result<Gossipsub, StartError> {
    let invalid = |why: String| StartError::Limits(why);
    let filter = MaxCountSubscriptionFilter {
        filter: WhitelistSubscriptionFilter(topics.hashes().into()),
        max_subscribed_topics: 2,
        max_subscriptions_per_request: 16,
    };
    let config = config(topics, limits).build().map_err(|error| invalid(error.to_string()))?;
    let author = MessageAuthenticity::Signed(identity.keypair().clone());
    let mut gossip =
        Gossipsub::new_with_subscription_filter_and_transform(author, config, filter, Counted(counts))
            .map_err(|why| invalid(why.into()))?;
    gossip.with_peer_score(scores(topics), thresholds()).map_err(invalid)?;
    for topic in [&topics.payments, &topics.blocks] {
        gossip.subscribe(topic).map_err(|error| invalid(error.to_string()))?;
    }
    Ok(gossip)
}

fn config(topics: &Topics, limits: &GossipLimits) -> ConfigBuilder {
    let largest_block = limits.whole_block_bytes + BlockMessage::OVERHEAD + FRAME;
    let [payments, blocks] = topics.hashes();
    let topics = topics.clone();
    let mut config = ConfigBuilder::default();
    config
        .validation_mode(ValidationMode::Strict)
        .validate_messages()
        .message_id_fn(move |message| message_id(&topics, message))
        // Our own messages come back after a restart. Do not blame the peers that relay them.
        .allow_self_origin(true)
        .max_transmit_size(largest_block.max(limits.payment_bytes + FRAME))
        .max_transmit_size_for_topic(limits.payment_bytes + FRAME, payments)
        .max_transmit_size_for_topic(largest_block, blocks)
        .heartbeat_interval(HEARTBEAT)
        .heartbeat_initial_delay(Duration::from_millis(100))
        // A message is relayed only if it is still in the history when its verdict comes.
        .history_length(limits.verdict_time.as_secs().max(5) as usize + 2)
        .mesh_n(6)
        .mesh_n_low(4)
        .mesh_n_high(8)
        .mesh_outbound_min(2)
        .gossip_lazy(6)
        // What this node makes goes to all its peers, in one hop. What it relays goes to the mesh.
        .flood_publish(true)
        // The queue of a slow peer. What waits longer is dropped, and the peer hears of it by its next status.
        .connection_handler_queue_len(512)
        .forward_queue_duration(Duration::from_secs(5))
        .publish_queue_duration(Duration::from_secs(10))
        .max_publish_messages(500)
        .max_ihave_messages_heartbeat(10)
        .duplicate_cache_time(Duration::from_secs(60));
    config
}

/// Origin and counter identify a payment, so that a payment sent twice by its user counts twice. Blocks are identified by
/// their content.
fn message_id(topics: &Topics, message: &Message) -> MessageId {
    match (topics.kind(&message.topic), message.source, message.sequence_number) {
        (Some(Kind::Payment), Some(origin), Some(counter)) => {
            MessageId::from([origin.to_bytes(), counter.to_be_bytes().to_vec()].concat())
        }
        _ => MessageId::from(&Sha256::digest(&message.data)[..20]),
    }
}

#[cfg(test)]
mod tests {
    use libp2p::{PeerId, gossipsub::IdentTopic};

    use super::*;
    use crate::network_id::NetworkId;

    fn topics() -> Topics {
        Topics::of(&NetworkId::new("test", "classic", 4).unwrap())
    }

    #[test]
    fn payments_differ_by_counter_and_blocks_by_content() {
        let (topics, origin) = (topics(), PeerId::random());
        let id = |topic: &IdentTopic, data: &[u8], counter| {
            let (source, data) = (Some(origin), data.to_vec());
            let message = Message { source, data, sequence_number: Some(counter), topic: topic.hash() };
            message_id(&topics, &message)
        };
        let (payments, blocks) = (&topics.payments, &topics.blocks);
        assert_eq!(id(payments, b"one", 1), id(payments, b"two", 1));
        assert_ne!(id(payments, b"one", 1), id(payments, b"one", 2));
        assert_eq!(id(blocks, b"one", 1), id(blocks, b"one", 2));
        assert_ne!(id(blocks, b"one", 1), id(blocks, b"two", 1));
        assert_eq!(topics.kind(&IdentTopic::new("another").hash()), None);
    }

    #[test]
    fn largest_messages_of_each_topic_fit_their_frames() {
        let (topics, large_blocks) = (topics(), GossipLimits::default());
        let large_payments = GossipLimits { whole_block_bytes: 1_000, ..large_blocks.clone() };
        for limits in [large_blocks, large_payments] {
            let config = config(&topics, &limits).build().unwrap();
            let [payments, blocks] = topics.hashes();
            let payment = config.max_transmit_size_for_topic(&payments);
            assert_eq!(payment, limits.payment_bytes + FRAME);
            let block = config.max_transmit_size_for_topic(&blocks);
            assert_eq!(block, limits.whole_block_bytes + BlockMessage::OVERHEAD + FRAME);
            assert_eq!(config.max_transmit_size(), payment.max(block));
        }
    }

    #[test]
    fn message_stays_in_the_history_until_its_verdict() {
        for (verdict, history) in [(1, 7), (5, 7), (20, 22)] {
            let limits =
                GossipLimits { verdict_time: Duration::from_secs(verdict), ..GossipLimits::default() };
            assert_eq!(config(&topics(), &limits).build().unwrap().history_length(), history);
        }
    }
}
