//! The node that is attacked, and honest ones beside it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use hostile::{Multiaddr, PeerId};
use serde_json::Value;

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::payments::Payment;
use crate::harness::node::Node;

/// What the names of the network's protocols begin with: usual nodes have difficulty 2.
pub(crate) const ROOT: &str = "/ledger/tutorial/classic/2";

/// The address of attackers that must not be taken for honest nodes.
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
        let first = joining(None).start();
        (0..BLOCKS).for_each(|_| drop(first.mine()));
        let victim = joining(Some(&first)).start();
        let second = joining(Some(&victim)).start();
        let world = Self { victim, honest: [first, second], sent: Mutex::default() };
        world.until_linked();
        world
    }

    /// Waits until both honest nodes are peers of the victim.
    fn until_linked(&self) {
        eventually("the nodes know each other", || {
            let peers = peers(&self.victim);
            self.honest_ids()
                .iter()
                .all(|id| peers.iter().any(|peer| peer["id"] == *id && peer["connected"] == true))
        });
        let [first, second] = &self.honest;
        eventually("the nodes agree", || tip(second) == tip(first) && tip(&self.victim) == tip(first));
    }

    pub(crate) fn honest_ids(&self) -> [String; 2] {
        self.honest
            .each_ref()
            .map(|node| node.get("/status").json()["p2p"]["id"].as_str().unwrap().to_owned())
    }

    pub(crate) fn nodes(&self) -> [&Node; 3] {
        [&self.honest[0], &self.victim, &self.honest[1]]
    }

    /// Where the victim listens for peers, without its id.
    pub(crate) fn address(&self) -> Multiaddr {
        let address = p2p_address(&self.victim);
        address.split("/p2p/").next().unwrap().parse().unwrap()
    }

    /// The same for programs that do not speak libp2p.
    pub(crate) fn socket(&self) -> SocketAddr {
        let address = self.address().to_string();
        let port = address.rsplit('/').next().unwrap().parse().unwrap();
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// The victim's id.
    pub(crate) fn id(&self) -> PeerId {
        p2p_address(&self.victim).rsplit('/').next().unwrap().parse().unwrap()
    }

    /// A node that joins now must be heard.
    pub(crate) fn newcomer(&self) -> Node {
        joining(Some(&self.victim)).start()
    }
}

/// A node that dials another one.
fn joining(peer: Option<&Node>) -> Launch {
    let launch = Launch::usual().flag("p2p-port", "0");
    match peer {
        Some(peer) => launch.argument(&format!("--peer={}", p2p_address(peer))),
        None => launch,
    }
}

fn p2p_address(node: &Node) -> String {
    let line = node.log.find("p2p: listening on ").expect("the node joins the network");
    line.rsplit_once("p2p: listening on ").unwrap().1.to_owned()
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
