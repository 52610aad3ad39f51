//! The node that is attacked, and honest ones beside it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

use hostile::{Multiaddr, PeerId};
use serde_json::Value;

use crate::harness::made::payments::Payment;
use crate::harness::node::Node;
use crate::nodes::dialling;

/// The beginning of the network's protocol names. The harness's usual nodes have difficulty 2.
pub(crate) const ROOT: &str = "/ledger/tutorial/classic/2";

/// The IP address of attackers that must not use up the limits of the honest nodes' address.
pub(crate) const ATTACKERS: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Blocks of the chain at the start.
const BLOCKS: usize = 5;

/// A node among honest ones. It has dialled one of them, and the other has dialled it.
pub(crate) struct World {
    pub(crate) victim: Node,
    pub(crate) honest: [Node; 2],
    /// All payments of honest users.
    pub(crate) sent: Mutex<Vec<Payment>>,
}

impl World {
    pub(crate) fn start() -> Self {
        let first = dialling(&[]).start();
        (0..BLOCKS).for_each(|_| drop(first.mine()));
        let victim = dialling(&[&first]).start();
        let second = dialling(&[&victim]).start();
        victim.until_connected(2);
        victim.until_agrees_with(&first);
        second.until_agrees_with(&first);
        Self { victim, honest: [first, second], sent: Mutex::default() }
    }

    pub(crate) fn nodes(&self) -> [&Node; 3] {
        [&self.honest[0], &self.victim, &self.honest[1]]
    }

    /// Where the victim listens for peers, without its id.
    pub(crate) fn address(&self) -> Multiaddr {
        let address = self.victim.p2p_address();
        address.split("/p2p/").next().unwrap().parse().unwrap()
    }

    /// The same address for a plain socket.
    pub(crate) fn socket(&self) -> SocketAddr {
        let address = self.address().to_string();
        let port = address.rsplit('/').next().unwrap().parse().unwrap();
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// The victim's id.
    pub(crate) fn id(&self) -> PeerId {
        self.victim.p2p_address().rsplit('/').next().unwrap().parse().unwrap()
    }

    /// Starts a node that dials the victim.
    pub(crate) fn newcomer(&self) -> Node {
        dialling(&[&self.victim]).start()
    }
}

/// Waits until something holds. Returns false if it does not in time.
pub(crate) fn within(time: Duration, holds: impl Fn() -> bool) -> bool {
    let end = Instant::now() + time;
    while Instant::now() < end {
        if holds() {
            return true;
        }
        sleep(Duration::from_millis(50));
    }
    false
}

/// The peers that a node lists.
pub(crate) fn peers(node: &Node) -> Vec<Value> {
    match node.get("/peers").json()["peers"].take() {
        Value::Array(peers) => peers,
        other => panic!("no list of peers: {other}"),
    }
}

/// The hash of a node's last block.
pub(crate) fn tip(node: &Node) -> Value {
    node.get("/status").json()["tip"].take()
}
