use std::{sync::Arc, time::Duration};

use p2p::{
    Event, Events, Identity, Link, Multiaddr, Network, NetworkId, PeerId, PeerInfo, Settings, Transport,
};

use super::chain::Chain;

/// A payment that comes after all others.
pub(crate) const MARK: &str = "a mark";

/// A node of the network, over channels in this process unless its settings say otherwise.
pub(crate) struct Node {
    pub(crate) network: Network,
    pub(crate) events: Events,
    pub(crate) chain: Arc<Chain>,
}

pub(crate) fn network() -> NetworkId {
    NetworkId::new("tutorial", "classic", 4).unwrap()
}

/// Settings with short pauses, so that tests lose no time.
pub(crate) fn settings() -> Settings {
    Settings {
        listen: vec!["/memory/0".parse().unwrap()],
        transport: Transport::Memory(Link::default()),
        maintain_every: Duration::from_millis(50),
        search_every: Duration::from_millis(300),
        first_redial: Duration::from_millis(100),
        longest_redial: Duration::from_secs(1),
        ..Settings::new(network(), Identity::generate())
    }
}

/// As [`settings`], over TCP.
pub(crate) fn tcp() -> Settings {
    Settings {
        listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
        transport: Transport::Tcp,
        ..settings()
    }
}

impl Node {
    pub(crate) fn spawn(settings: Settings) -> Self {
        Self::with_chain(settings, Arc::default())
    }

    pub(crate) fn with_chain(settings: Settings, chain: Arc<Chain>) -> Self {
        let (network, events) = Network::spawn(settings, chain.clone()).unwrap();
        Self { network, events, chain }
    }

    pub(crate) fn id(&self) -> PeerId {
        self.network.id()
    }

    pub(crate) async fn address(&self) -> Multiaddr {
        let listen = async || self.network.info().await.unwrap().listen.first().cloned();
        until("it listens", async || listen().await.is_some()).await;
        listen().await.unwrap()
    }

    /// Connects to another node, and waits until both have identified themselves.
    pub(crate) async fn join(&self, other: &Node) {
        self.network.dial(other.address().await).await;
        until("both have joined", async || {
            self.has_joined(other.id()).await && other.has_joined(self.id()).await
        })
        .await;
    }

    /// Dials another node that shuts this one out, and waits until the connection has ended or failed.
    pub(crate) async fn is_refused_by(&self, other: &Node) {
        until("the last connection has ended", async || !self.is_connected(other.id()).await).await;
        // May be Ok: this side can learn of the refusal later.
        let _ = self.network.introduce(other.id(), vec![other.address().await]).await;
        until("it is refused", async || !self.is_connected(other.id()).await).await;
        assert!(!other.is_connected(self.id()).await);
    }

    pub(crate) async fn has_joined(&self, peer: PeerId) -> bool {
        self.peer(peer).await.is_some_and(|info| info.direction.is_some() && info.agent.is_some())
    }

    pub(crate) async fn is_connected(&self, peer: PeerId) -> bool {
        self.peer(peer).await.is_some_and(|info| info.direction.is_some())
    }

    pub(crate) async fn peer(&self, peer: PeerId) -> Option<PeerInfo> {
        self.network.peers().await.into_iter().find(|info| info.id == peer)
    }

    pub(crate) async fn connections(&self) -> usize {
        self.network.peers().await.iter().filter(|info| info.direction.is_some()).count()
    }

    /// Waits for an event.
    pub(crate) async fn hears(&mut self, wanted: &Event) {
        let heard = async { while self.events.recv().await.expect("it runs") != *wanted {} };
        assert!(
            tokio::time::timeout(Duration::from_secs(60), heard).await.is_ok(),
            "waited in vain: {wanted:?}"
        );
    }

    /// Nodes in a line, each connected to the next, with gossip flowing.
    pub(crate) async fn line(count: usize, settings: impl Fn() -> Settings) -> Vec<Self> {
        let mut settings: Vec<_> = (0..count).map(|_| settings()).collect();
        // Nodes that look for more peers would not stay a line.
        settings.iter_mut().for_each(|settings| settings.limits.peers.target = 0);
        let nodes: Vec<_> = settings.into_iter().map(Self::spawn).collect();
        for pair in nodes.windows(2) {
            pair[0].join(&pair[1]).await;
        }
        Self::warm_up(&nodes).await;
        nodes
    }

    /// Sends payments until all nodes have heard one: then the mesh stands. Returns when all payments have arrived.
    pub(crate) async fn warm_up(nodes: &[Self]) {
        until("gossip flows", async || {
            nodes[0].network.publish_payment("warm up".into()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            nodes[1..].iter().all(|node| !node.chain.payments().is_empty())
        })
        .await;
        nodes[0].pass(&nodes[1..]).await;
        nodes.iter().for_each(|node| node.chain.payments.lock().unwrap().clear());
    }

    /// Sends a payment and waits until these nodes have heard it. By then, all that this node sent before has arrived.
    pub(crate) async fn pass(&self, nodes: &[Self]) {
        self.network.publish_payment(MARK.into()).await.unwrap();
        let heard = |node: &Self| node.chain.payments().contains(&MARK.into());
        until("the mark arrives", async || nodes.iter().all(heard)).await;
    }
}

/// Waits until something holds.
///
/// # Panics
///
/// After a minute.
pub(crate) async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), wait).await.is_ok(), "waited in vain: {what}");
}
