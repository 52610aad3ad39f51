use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use libp2p::{
    Multiaddr, PeerId, StreamProtocol, Swarm, Transport,
    core::{transport::MemoryTransport, upgrade::Version},
    gossipsub::{self, IdentTopic, MessageAuthenticity},
    identify,
    identity::Keypair,
    noise,
    request_response::{self, Message, ProtocolSupport, ResponseChannel, cbor},
    swarm::{Config, NetworkBehaviour, SwarmEvent, behaviour::toggle::Toggle},
    yamux,
};
use serde::{Deserialize, Serialize};

use crate::harness::Node;

const ROOT: &str = "/ledger/tutorial/classic/4";

/// What our nodes ask and answer, written down a second time: other programs speak it, too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Request {
    Status(Status),
    ForkPoint(Vec<Bytes>),
    Page(PageRequest),
    Peers,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Response {
    Status(Status),
    ForkPoint(Option<ForkPoint>),
    Page(Page),
    Peers(Vec<NamedPeer>),
    Busy,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) h: u64,
    pub(crate) t: Bytes,
    pub(crate) w: Bytes,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PageRequest {
    pub(crate) from: u64,
    pub(crate) count: u32,
    pub(crate) bytes: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ForkPoint {
    pub(crate) height: u64,
    pub(crate) id: Bytes,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) b: Vec<Bytes>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NamedPeer {
    pub(crate) id: Bytes,
    pub(crate) addresses: Vec<Bytes>,
}

#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    pub(crate) identify: Toggle<identify::Behaviour>,
    pub(crate) gossip: gossipsub::Behaviour,
    pub(crate) sync: cbor::Behaviour<Request, Response>,
}

/// A peer that does what a test wants.
pub(crate) struct Attacker {
    pub(crate) swarm: Swarm<Behaviour>,
}

impl Attacker {
    /// An attacker that tells who it is, as it must to be heard.
    pub(crate) fn new() -> Self {
        Self::build(true)
    }

    /// One that does not.
    pub(crate) fn silent() -> Self {
        Self::build(false)
    }

    fn build(identifies: bool) -> Self {
        let key = Keypair::generate_ed25519();
        let transport = MemoryTransport::default()
            .upgrade(Version::V1Lazy)
            .authenticate(noise::Config::new(&key).unwrap())
            .multiplex(yamux::Config::default())
            .boxed();
        let config = gossipsub::ConfigBuilder::default().max_transmit_size(8 << 20).build().unwrap();
        let protocol = StreamProtocol::new("/ledger/tutorial/classic/4/sync/1");
        let codec = cbor::codec::Codec::default()
            .set_request_size_maximum(8 << 20)
            .set_response_size_maximum(8 << 20);
        let identify = identify::Behaviour::new(identify::Config::new(ROOT.into(), key.public()));
        let behaviour = Behaviour {
            identify: identifies.then_some(identify).into(),
            gossip: gossipsub::Behaviour::new(MessageAuthenticity::Signed(key.clone()), config).unwrap(),
            sync: cbor::Behaviour::with_codec(
                codec,
                [(protocol, ProtocolSupport::Full)],
                request_response::Config::default(),
            ),
        };
        let config = Config::with_tokio_executor().with_idle_connection_timeout(Duration::from_secs(60));
        let mut swarm = Swarm::new(transport, behaviour, key.public().to_peer_id(), config);
        for what in ["payments", "blocks"] {
            swarm.behaviour_mut().gossip.subscribe(&Self::topic(what)).unwrap();
        }
        Self { swarm }
    }

    pub(crate) fn topic(what: &str) -> IdentTopic {
        IdentTopic::new(format!("{ROOT}/{what}/1"))
    }

    pub(crate) fn id(&self) -> PeerId {
        *self.swarm.local_peer_id()
    }

    /// Connects, and waits until the node counts it among its peers.
    pub(crate) async fn join(&mut self, node: &Node) {
        self.dial(node.address().await);
        let id = self.id();
        self.while_running(async || {
            crate::harness::until("it has joined", async || node.has_joined(id).await).await
        })
        .await;
        // Subscriptions need a moment to be told.
        self.run_for(Duration::from_millis(300)).await;
    }

    pub(crate) fn dial(&mut self, address: Multiaddr) {
        self.swarm.dial(address).unwrap();
    }

    /// Drives the swarm as long as something else takes. Questions are told to come later.
    pub(crate) async fn while_running<T>(&mut self, other: impl AsyncFnOnce() -> T) -> T {
        let mut other = std::pin::pin!(other());
        loop {
            tokio::select! {
                done = &mut other => return done,
                (_, channel) = Self::next_question(&mut self.swarm) => {
                    self.swarm.behaviour_mut().sync.send_response(channel, Response::Busy).unwrap();
                }
            }
        }
    }

    pub(crate) async fn run_for(&mut self, time: Duration) {
        self.while_running(async || tokio::time::sleep(time).await).await;
    }

    /// Sends a message. False if no peer takes it.
    pub(crate) fn publish(&mut self, what: &str, data: impl Into<Vec<u8>>) -> bool {
        self.swarm.behaviour_mut().gossip.publish(Self::topic(what), data).is_ok()
    }

    /// Waits for a question, and says how to answer it.
    pub(crate) async fn question(&mut self) -> (Request, ResponseChannel<Response>) {
        Self::next_question(&mut self.swarm).await
    }

    async fn next_question(swarm: &mut Swarm<Behaviour>) -> (Request, ResponseChannel<Response>) {
        loop {
            if let SwarmEvent::Behaviour(BehaviourEvent::Sync(request_response::Event::Message {
                message: Message::Request { request, channel, .. },
                ..
            })) = swarm.select_next_some().await
            {
                return (request, channel);
            }
        }
    }

    /// Answers the next question that the test is about. Others, such as those for peers, are told to come later.
    pub(crate) async fn answer(&mut self, about: impl Fn(&Request) -> Option<Response>) {
        loop {
            let (request, channel) = self.question().await;
            let answer = about(&request);
            let done = answer.is_some();
            self.swarm.behaviour_mut().sync.send_response(channel, answer.unwrap_or(Response::Busy)).unwrap();
            if done {
                return;
            }
        }
    }
}
