//! Nodes in the peer-to-peer network.

use serde_json::Value;

use crate::harness::launch::Launch;
use crate::harness::made::chains::chain;
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::harness::{eventually, eventually_or};

/// Blocks of a long chain: its sync lasts longer than a request for the progress.
pub(crate) const LONG: usize = 4_000;

/// A node in the peer-to-peer network that dials these nodes.
pub(crate) fn dialling(peers: &[&Node]) -> Launch {
    let launch = Launch::usual().flag("p2p-port", "0");
    peers.iter().fold(launch, |launch, peer| launch.argument(&format!("--peer={}", peer.p2p_address())))
}

/// A node in the network that has a long chain.
pub(crate) fn with_long_chain() -> Node {
    let node = dialling(&[]).start();
    let neighbour = Peer::with_chain(&chain(LONG));
    node.register(&[&neighbour.address()]);
    assert!(node.resolve());
    node
}

impl Node {
    /// Where the node listens in the peer-to-peer network, with its id.
    pub(crate) fn p2p_address(&self) -> String {
        let line = self.log.find("p2p: listening on ").expect("the node joins the network");
        line.rsplit_once("p2p: listening on ").unwrap().1.to_owned()
    }

    /// What `/status` says of the peer-to-peer network.
    pub(crate) fn p2p(&self) -> Value {
        self.get("/status").json()["p2p"].take()
    }

    /// Waits until the node has this many peers.
    pub(crate) fn until_connected(&self, peers: u64) {
        let state = || format!("{} {}", self.p2p(), self.get("/peers").text);
        eventually_or(state, || self.p2p()["connected"] == peers);
    }

    /// Waits until the node's tip is another node's.
    pub(crate) fn until_agrees_with(&self, other: &Node) {
        let tip = |node: &Node| node.get("/status").json()["tip"].take();
        eventually("the nodes agree", || tip(self) == tip(other));
    }
}
