use std::{sync::Arc, time::Duration};

use p2p::{Counters, Identity, Limits, Network, NetworkId, PeerLimits, Settings, Transport};
use tokio::time::sleep;

use crate::{arguments::Arguments, witness::Witness};

/// Nodes, and what each has heard.
pub(crate) struct Nodes {
    pub(crate) networks: Vec<Network>,
    pub(crate) witnesses: Vec<Arc<Witness>>,
}

impl Nodes {
    /// Starts nodes, each of which dials some that started before, and waits until their mesh stands.
    pub(crate) async fn start(arguments: &Arguments) -> Self {
        let mut random = Random(arguments.seed);
        let (mut networks, mut witnesses) = (Vec::new(), Vec::new());
        for number in 0..arguments.nodes {
            let witness = Arc::<Witness>::default();
            let settings = settings(number, arguments, &mut random);
            let (network, events) = Network::spawn(settings, witness.clone()).expect("a node");
            // Nobody listens to events; what they tell is asked for.
            drop(events);
            networks.push(network);
            witnesses.push(witness);
        }
        let nodes = Self { networks, witnesses };
        while nodes.sum(|_, connected| connected as u64).await < nodes.expected_ends(arguments) {
            sleep(Duration::from_millis(500)).await;
        }
        nodes.settle().await;
        nodes
    }

    /// Lets gossipsub graft and prune, and sends payments until every node hears one.
    async fn settle(&self) {
        loop {
            sleep(Duration::from_secs(8)).await;
            self.networks[0].publish_payment("warm up".into()).await.expect("a small payment");
            sleep(Duration::from_secs(2)).await;
            if self.witnesses[1..].iter().all(|witness| witness.count() > 0) {
                break;
            }
        }
        self.witnesses.iter().for_each(|witness| drop(witness.take()));
    }

    /// Ends of connections that there must be: nearly all. Some peers dial each other at the same moment.
    fn expected_ends(&self, arguments: &Arguments) -> u64 {
        let dials: usize = (0..arguments.nodes).map(|number| number.min(arguments.dials)).sum();
        (dials as u64 * 2) * 98 / 100
    }

    pub(crate) async fn connections(&self) -> f64 {
        self.sum(|_, connected| connected as u64).await as f64 / self.networks.len() as f64
    }

    /// Adds up a number of each node.
    pub(crate) async fn sum(&self, number: impl Fn(&Counters, usize) -> u64) -> u64 {
        let mut sum = 0;
        for network in &self.networks {
            let info = network.info().await.expect("nodes run until the end");
            sum += number(&info.counters, info.connected);
        }
        sum
    }
}

fn settings(number: usize, arguments: &Arguments, random: &mut Random) -> Settings {
    let network = NetworkId::new("swarm", "classic", 4).expect("a valid name");
    let address = |number: usize| format!("/memory/{}", number + 1).parse().expect("an address");
    let mut dialled = Vec::new();
    while dialled.len() < arguments.dials.min(number) {
        let other = random.below(number);
        if !dialled.contains(&other) {
            dialled.push(other);
        }
    }
    // Earlier nodes are dialled by more; all have place for them. Nobody looks for others.
    let peers = PeerLimits { inbound: 200, outbound: 200, target: 0, ..PeerLimits::default() };
    Settings {
        listen: vec![address(number)],
        bootstrap: dialled.into_iter().map(address).collect(),
        transport: Transport::Memory { latency: Duration::from_millis(arguments.latency) },
        limits: Limits { peers, ..Limits::default() },
        ..Settings::new(network, Identity::generate())
    }
}

/// Numbers that are the same in each run: Knuth's linear congruences.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
