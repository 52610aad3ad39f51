use std::{sync::Arc, time::Duration};

use p2p::{Identity, Limits, NetworkId, PeerLimits, Settings, Transport};
use tokio::time::{pause, resume, sleep};

use crate::{arguments::Arguments, node::Node, world::World};

/// Nodes started at a time. With many more, one thread could not complete the handshakes before they time out.
const TOGETHER: usize = 25;

/// The running nodes.
pub(crate) struct Nodes {
    pub(crate) every: Vec<Node>,
    pub(crate) world: Arc<World>,
    pub(crate) random: Random,
    dials: usize,
    transport: Transport,
    ask_every: Duration,
    /// Nodes that have ever been started.
    started: usize,
}

/// The sums of the counters of all nodes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    pub(crate) copies: u64,
    pub(crate) copied_bytes: u64,
    pub(crate) bytes: u64,
}

impl Nodes {
    /// Starts nodes, each of which dials some that started before, and waits until their mesh stands.
    pub(crate) async fn start(arguments: &Arguments) -> Self {
        let mut nodes = Self {
            every: Vec::new(),
            world: World::new(),
            random: Random(arguments.seed),
            dials: arguments.dials as usize,
            transport: Transport::Memory(arguments.link()),
            ask_every: Duration::from_secs(arguments.ask_every),
            started: 0,
        };
        while nodes.started < arguments.nodes as usize {
            let left = arguments.nodes as usize - nodes.started;
            (0..left.min(TOGETHER)).for_each(|_| nodes.add());
            nodes.connect().await;
        }
        nodes.settle().await;
        nodes
    }

    /// Waits until nearly all dialled connections stand.
    async fn connect(&self) {
        while self.ends().await < self.expected_ends() {
            sleep(Duration::from_millis(100)).await;
        }
        if self.started.is_multiple_of(100) {
            eprintln!("swarm: {} nodes are connected", self.started);
        }
    }

    /// Starts a node that dials random ones.
    pub(crate) fn add(&mut self) {
        let address = |number: usize| format!("/memory/{}", number + 1).parse().expect("an address");
        let dialled = self.random.some(self.every.len(), self.dials);
        let settings = Settings {
            listen: vec![address(self.started)],
            bootstrap: dialled.into_iter().map(|at| address(self.every[at].number)).collect(),
            transport: self.transport,
            limits: limits(),
            ..Settings::new(
                NetworkId::new("swarm", "classic", 1).expect("a valid name"),
                Identity::generate(),
            )
        };
        self.every.push(Node::start(self.started, settings, self.ask_every, &self.world));
        self.started += 1;
    }

    /// Lets gossipsub graft and prune until a block reaches every node by gossip alone.
    async fn settle(&self) {
        loop {
            sleep(Duration::from_secs(5)).await;
            pause();
            let block = self.every[0].mine().await;
            sleep(Duration::from_secs(3)).await;
            resume();
            if self.every.iter().all(|node| node.tip() == block) {
                return;
            }
        }
    }

    /// The number of ends of connections: two for each.
    async fn ends(&self) -> usize {
        let mut sum = 0;
        for node in &self.every {
            sum += node.info().await.connected;
        }
        sum
    }

    /// The ends of connections to wait for: nearly all, since some peers dial each other at the same moment.
    fn expected_ends(&self) -> usize {
        let dials: usize = (0..self.every.len()).map(|number| number.min(self.dials)).sum();
        dials * 2 * 98 / 100
    }

    pub(crate) fn any(&mut self) -> usize {
        self.random.below(self.every.len())
    }

    pub(crate) async fn connections(&self) -> f64 {
        self.ends().await as f64 / self.every.len() as f64
    }

    pub(crate) async fn counted(&self) -> Counted {
        let mut sum = Counted::default();
        for node in &self.every {
            let counters = node.info().await.counters;
            sum.copies += counters.copies;
            sum.copied_bytes += counters.copied_bytes;
            sum.bytes += counters.bytes_received;
        }
        sum
    }
}

/// Room for all connections: earlier nodes are dialled more often. No node looks for further peers.
fn limits() -> Limits {
    let peers = PeerLimits { inbound: 200, outbound: 200, target: 0, ..PeerLimits::default() };
    Limits { peers, ..Limits::default() }
}

/// Random numbers that are the same in each run, from Knuth's linear congruential generator.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// Different numbers below a limit: `count` of them, or all.
    pub(crate) fn some(&mut self, limit: usize, count: usize) -> Vec<usize> {
        let mut some = Vec::new();
        while some.len() < count.min(limit) {
            let number = self.below(limit);
            if !some.contains(&number) {
                some.push(number);
            }
        }
        some
    }
}
