use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use libp2p::{
    PeerId, StreamProtocol,
    allow_block_list::{self, BlockedPeers},
    identify, kad, mdns, ping,
    request_response::{self, ProtocolSupport, cbor},
    swarm::{NetworkBehaviour, behaviour::toggle::Toggle},
};

use super::nameless::Nameless;
use crate::{
    error::StartError,
    gate::Gate,
    gossip::{GossipCounts, Gossipsub, Topics, gossipsub},
    settings::{Settings, SyncLimits},
    wire::{Goodbye, Request, Response},
};

/// Nodes of all networks speak it, so its name contains none.
const GOODBYE: StreamProtocol = StreamProtocol::new("/ledger/goodbye/1");
/// Requests on one connection, theirs and ours. [`SyncLimits::open_per_peer`] says how many of theirs are answered.
const MAX_REQUESTS: usize = 24;
const GOODBYE_TIME: Duration = Duration::from_secs(2);

/// All protocols of a node. The limits come first, so libp2p asks them first: the gate after the bans, since it may close a
/// connection to let another one in.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    pub(crate) blocked: allow_block_list::Behaviour<BlockedPeers>,
    pub(crate) gate: Gate,
    pub(crate) ping: ping::Behaviour,
    pub(crate) identify: identify::Behaviour,
    pub(crate) goodbye: cbor::Behaviour<Goodbye, ()>,
    pub(crate) gossip: Gossipsub,
    pub(crate) sync: cbor::Behaviour<Request, Response>,
    pub(crate) kad: Nameless,
    pub(crate) mdns: Toggle<mdns::tokio::Behaviour>,
}

/// Builds all behaviours from the settings.
pub(crate) fn parts(
    settings: &Settings,
    topics: &Topics,
    counts: Arc<GossipCounts>,
) -> Result<Behaviour, StartError> {
    let (network, limits) = (&settings.network, &settings.limits);
    let own = settings.identity.peer_id();
    Ok(Behaviour {
        blocked: allow_block_list::Behaviour::default(),
        gate: Gate::new(limits.peers.clone()),
        ping: ping::Behaviour::default(),
        identify: identify(settings),
        goodbye: goodbye(),
        gossip: gossipsub(&settings.identity, topics, &limits.gossip, counts)?,
        sync: sync(network.protocol("sync"), &limits.sync),
        kad: Nameless(kad(network.protocol("kad"), own)),
        mdns: settings.discover.then(|| discovery(settings.discover_every, own)).transpose()?.into(),
    })
}

fn identify(settings: &Settings) -> identify::Behaviour {
    let config = identify::Config::new(settings.network.root(), settings.identity.keypair().public())
        .with_agent_version(settings.agent.clone())
        .with_push_listen_addr_updates(true)
        // Addresses are kept in our own table.
        .with_cache_size(0);
    identify::Behaviour::new(config)
}

fn goodbye() -> cbor::Behaviour<Goodbye, ()> {
    let codec = cbor::codec::Codec::default().set_request_size_maximum(256).set_response_size_maximum(16);
    let config =
        request_response::Config::default().with_request_timeout(GOODBYE_TIME).with_max_concurrent_streams(2);
    cbor::Behaviour::with_codec(codec, [(GOODBYE, ProtocolSupport::Full)], config)
}

fn sync(protocol: StreamProtocol, limits: &SyncLimits) -> cbor::Behaviour<Request, Response> {
    let codec = cbor::codec::Codec::default()
        .set_request_size_maximum(limits.request_bytes)
        .set_response_size_maximum(largest_response(limits.page_bytes) as u64);
    let config = request_response::Config::default()
        .with_request_timeout(limits.timeout)
        .with_max_concurrent_streams(MAX_REQUESTS);
    cbor::Behaviour::with_codec(codec, [(protocol, ProtocolSupport::Full)], config)
}

/// Maximum bytes of a response with a full page. Besides its blocks, a page has at most five bytes for each of them, and a
/// block has a hundred or more.
fn largest_response(page_bytes: usize) -> usize {
    page_bytes + page_bytes / 8 + (16 << 10)
}

/// Kademlia that finds peers and stores nothing for others.
fn kad(protocol: StreamProtocol, own: PeerId) -> kad::Behaviour<kad::store::MemoryStore> {
    let mut config = kad::Config::new(protocol);
    config
        .set_record_filtering(kad::StoreInserts::FilterBoth)
        .set_kbucket_inserts(kad::BucketInserts::Manual)
        .set_replication_factor(NonZeroUsize::new(20).expect("20 is not zero"))
        .set_query_timeout(Duration::from_secs(30))
        .set_periodic_bootstrap_interval(Some(Duration::from_secs(300)))
        .set_provider_publication_interval(None)
        .set_publication_interval(None)
        .set_replication_interval(None);
    kad::Behaviour::with_config(own, kad::store::MemoryStore::new(own), config)
}

/// Discovery in the local network.
pub(crate) fn discovery(every: Duration, own: PeerId) -> std::io::Result<mdns::tokio::Behaviour> {
    mdns::tokio::Behaviour::new(mdns::Config { query_interval: every, ..mdns::Config::default() }, own)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::io::Cursor;
    use libp2p::{Multiaddr, request_response::Codec};

    use super::*;
    use crate::{
        ids::BlockId,
        settings::PeerLimits,
        wire::{Branch, ForkPoint, LargeBlock, NamedPeer, Page, SMALLEST_BLOCK, Status},
    };

    /// The bytes of a response on the wire.
    async fn encoded(response: Response) -> usize {
        let mut codec = cbor::codec::Codec::<Request, Response>::default();
        let mut bytes = Cursor::new(Vec::new());
        codec.write_response(&GOODBYE, &mut bytes, response).await.unwrap();
        bytes.into_inner().len()
    }

    #[tokio::test]
    async fn response_limit_is_just_above_the_largest_branch() {
        let page_bytes = 1 << 20;
        let block = Bytes::from(vec![7; SMALLEST_BLOCK as usize]);
        let (id, length) = (BlockId([255; 32]), u64::MAX);
        let blocks = vec![block; page_bytes / SMALLEST_BLOCK as usize];
        let branch = Branch {
            status: Status { height: length, tip: id, work: vec![255; 32].into() },
            fork: Some(ForkPoint { height: length, id }),
            page: Page { blocks, large: Some(LargeBlock { id, length }) },
        };
        let bytes = encoded(Response::Branch(branch)).await;
        assert!((bytes..page_bytes / 4 * 5).contains(&largest_response(page_bytes)), "{bytes}");
    }

    #[tokio::test]
    async fn named_peers_fit_a_response_at_any_page_size() {
        let limits = PeerLimits::default();
        let address: Multiaddr = "/ip6/2001:db8:1234:5678:9abc:def0:1234:5678/tcp/65535".parse().unwrap();
        let named = || NamedPeer {
            id: PeerId::random().to_bytes().into(),
            addresses: vec![address.to_vec().into(); limits.addresses],
        };
        let bytes = encoded(Response::Peers((0..limits.exchanged).map(|_| named()).collect())).await;
        assert!(bytes <= largest_response(1), "{bytes}");
    }
}
