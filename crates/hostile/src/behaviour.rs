//! The libp2p behaviours of an [`Attacker`](crate::Attacker), with limits far above those of nodes.

use std::time::Duration;

use libp2p::{
    StreamProtocol,
    gossipsub::{self, ConfigBuilder, IdentTopic, MessageAuthenticity},
    identify,
    identity::Keypair,
    request_response::{Config, ProtocolSupport, cbor},
    swarm::{NetworkBehaviour, behaviour::toggle::Toggle},
};

use crate::wire::{Request, Response};

/// The most bytes of a message, a request or an answer.
const LARGEST: usize = 8 << 20;
/// How long an answer may take, in either direction.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    identify: Toggle<identify::Behaviour>,
    pub(crate) gossip: gossipsub::Behaviour,
    pub(crate) sync: cbor::Behaviour<Request, Response>,
}

impl Behaviour {
    /// The behaviours of a peer of the network with this root, such as `/ledger/tutorial/classic/4`.
    pub(crate) fn new(root: &str, key: &Keypair, identifies: bool) -> Self {
        let identify = identify::Behaviour::new(identify::Config::new(root.to_owned(), key.public()));
        Self { identify: identifies.then_some(identify).into(), gossip: gossip(root, key), sync: sync(root) }
    }
}

/// One of the network's topics: `payments` or `blocks`.
pub(crate) fn topic(root: &str, what: &str) -> IdentTopic {
    IdentTopic::new(format!("{root}/{what}/1"))
}

fn gossip(root: &str, key: &Keypair) -> gossipsub::Behaviour {
    let mut config = ConfigBuilder::default();
    config.max_transmit_size(LARGEST).connection_handler_queue_len(100_000);
    let config = config.build().expect("gossipsub takes these settings");
    let mut gossip = gossipsub::Behaviour::new(MessageAuthenticity::Signed(key.clone()), config)
        .expect("gossipsub takes these settings");
    for what in ["payments", "blocks"] {
        gossip.subscribe(&topic(root, what)).expect("no filter forbids a topic");
    }
    gossip
}

fn sync(root: &str) -> cbor::Behaviour<Request, Response> {
    let protocol =
        StreamProtocol::try_from_owned(format!("{root}/sync/1")).expect("a root begins with a slash");
    let codec = cbor::codec::Codec::default()
        .set_request_size_maximum(LARGEST as u64)
        .set_response_size_maximum(LARGEST as u64);
    let config = Config::default().with_request_timeout(PATIENCE);
    cbor::Behaviour::with_codec(codec, [(protocol, ProtocolSupport::Full)], config)
}
