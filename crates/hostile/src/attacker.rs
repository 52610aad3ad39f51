//! [`Attacker`], a peer that does what a test wants.

use std::{net::IpAddr, time::Duration};

use futures_util::StreamExt;
use libp2p::{
    Multiaddr, PeerId, Swarm,
    core::transport::MemoryTransport,
    identity::Keypair,
    request_response::{Event, Message, ResponseChannel},
    swarm::{Config, SwarmEvent},
};
use tokio::time::{Instant, sleep};

use crate::{
    behaviour::{Behaviour, BehaviourEvent, topic},
    bound::Bound,
    transport::{Connections, secured, tcp},
    wire::{Request, Response},
};

/// The channel on which a request is answered.
pub type ResponseHandle = ResponseChannel<Response>;

const IDLE: Duration = Duration::from_secs(3600);
/// The pause between two checks of a node's subscriptions.
const MOMENT: Duration = Duration::from_millis(10);

/// A peer that does what a test wants. It acts only while one of its async functions runs.
pub struct Attacker {
    swarm: Swarm<Behaviour>,
    root: String,
}

impl Attacker {
    /// A peer of the network with this root, such as `/ledger/tutorial/classic/4`, over TCP.
    #[must_use]
    pub fn over_tcp(root: &str) -> Self {
        Self::build(root, true, |key| secured(tcp(), key))
    }

    /// The same, with connections from this address of the machine.
    #[must_use]
    pub fn over_tcp_from(root: &str, from: IpAddr) -> Self {
        Self::build(root, true, |key| secured(Bound(from), key))
    }

    /// The same over channels in this process.
    #[must_use]
    pub fn in_process(root: &str) -> Self {
        Self::build(root, true, |key| secured(MemoryTransport::default(), key))
    }

    /// The same over channels in this process, but it never identifies itself.
    #[must_use]
    pub fn silent(root: &str) -> Self {
        Self::build(root, false, |key| secured(MemoryTransport::default(), key))
    }

    fn build(root: &str, identifies: bool, transport: impl FnOnce(&Keypair) -> Connections) -> Self {
        let key = Keypair::generate_ed25519();
        let behaviour = Behaviour::new(root, &key, identifies);
        let config = Config::with_tokio_executor().with_idle_connection_timeout(IDLE);
        let swarm = Swarm::new(transport(&key), behaviour, key.public().to_peer_id(), config);
        Self { swarm, root: root.to_owned() }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> PeerId {
        *self.swarm.local_peer_id()
    }

    /// Begins to connect to a node.
    pub fn dial(&mut self, address: Multiaddr) {
        // Err only if there is nothing to dial. A dial that fails shows as a missing connection.
        let _ = self.swarm.dial(address);
    }

    /// Whether a node is connected.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.swarm.connected_peers().next().is_some()
    }

    /// Acts until a node has subscribed to a topic, so that messages reach it. Returns false if none has within `patience`.
    pub async fn wait_until_heard(&mut self, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        while Instant::now() < end {
            if self.swarm.behaviour().gossip.all_peers().any(|(_, topics)| !topics.is_empty()) {
                return true;
            }
            self.run_for(MOMENT).await;
        }
        false
    }

    /// Sends a message to `payments` or `blocks`. Returns false if no peer takes it.
    pub fn publish(&mut self, what: &str, data: impl Into<Vec<u8>>) -> bool {
        let topic = topic(&self.root, what);
        self.swarm.behaviour_mut().gossip.publish(topic, data).is_ok()
    }

    /// Sends a request, and ignores the answer.
    pub fn ask(&mut self, node: &PeerId, request: Request) {
        self.swarm.behaviour_mut().sync.send_request(node, request);
    }

    /// Answers a request. Returns false if nobody waits for the answer any more.
    pub fn reply(&mut self, to: ResponseHandle, response: Response) -> bool {
        self.swarm.behaviour_mut().sync.send_response(to, response).is_ok()
    }

    /// Waits for a request. Returns it with the channel for its answer.
    pub async fn request(&mut self) -> (Request, ResponseHandle) {
        loop {
            if let SwarmEvent::Behaviour(BehaviourEvent::Sync(Event::Message {
                message: Message::Request { request, channel, .. },
                ..
            })) = self.swarm.select_next_some().await
            {
                return (request, channel);
            }
        }
    }

    /// Answers requests while something else runs. Those that `answer` leaves open are never answered.
    pub async fn serve<T>(
        &mut self,
        mut answer: impl FnMut(&Request) -> Option<Response>,
        other: impl AsyncFnOnce() -> T,
    ) -> T {
        let (mut other, mut open) = (std::pin::pin!(other()), Vec::new());
        loop {
            tokio::select! {
                done = &mut other => return done,
                (request, to) = self.request() => match answer(&request) {
                    Some(response) => drop(self.reply(to, response)),
                    None => open.push(to),
                },
            }
        }
    }

    /// Acts while something else runs. Answers each request with [`Response::Busy`].
    pub async fn while_running<T>(&mut self, other: impl AsyncFnOnce() -> T) -> T {
        self.serve(|_| Some(Response::Busy), other).await
    }

    /// Acts for a while.
    pub async fn run_for(&mut self, time: Duration) {
        self.while_running(async || sleep(time).await).await;
    }

    /// Answers the next request for which `answer` has a response. Answers others with [`Response::Busy`].
    pub async fn answer(&mut self, answer: impl Fn(&Request) -> Option<Response>) {
        loop {
            let (request, to) = self.request().await;
            let answer = answer(&request);
            let done = answer.is_some();
            self.reply(to, answer.unwrap_or(Response::Busy));
            if done {
                return;
            }
        }
    }
}
