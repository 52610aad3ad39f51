use std::time::Duration;

use libp2p::{Multiaddr, multiaddr::Protocol};

use super::limits::Limits;
use crate::{identity::Identity, known_peer::KnownPeer, network_id::NetworkId};

/// The configuration of the network.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The network that this node belongs to.
    pub network: NetworkId,
    /// The key of this node.
    pub identity: Identity,
    /// The addresses to listen on. Port 0 is any free port.
    pub listen: Vec<Multiaddr>,
    /// Addresses at which others reach this node, if its owner knows them. With one, it also answers Kademlia.
    pub external: Vec<Multiaddr>,
    /// The transport.
    pub transport: Transport,
    /// Peers to keep connected, however often they fail.
    pub bootstrap: Vec<Multiaddr>,
    /// Peers that an earlier run knew: [`Network::known_peers`](crate::Network::known_peers).
    pub known: Vec<KnownPeer>,
    /// Whether to look for nodes in the local network by mDNS.
    pub discover: bool,
    /// The name and version of the program, shown to peers.
    pub agent: String,
    /// How often mDNS asks. With the usual five minutes, half of thirty nodes missed some.
    pub discover_every: Duration,
    /// How often the node maintains its connections: dials peers if it has too few, and ends bans and pauses that are over.
    pub maintain_every: Duration,
    /// How often a node that lacks peers asks Kademlia and one peer for more.
    pub search_every: Duration,
    /// The wait before the first redial. It doubles with each failure, up to `longest_redial`, and varies by half.
    pub first_redial: Duration,
    /// The longest wait before a redial.
    pub longest_redial: Duration,
    /// What others can cost this node.
    pub limits: Limits,
}

/// The transport of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// TCP, with names looked up in the system's DNS.
    Tcp,
    /// Channels in this process, for tests and measurements. Its addresses are `/memory/7`.
    Memory(Link),
}

/// Connections over channels. By default they are immediate and lose nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Link {
    /// How long bytes take from one side to the other on average: each direction of a connection has between half and
    /// one and a half times this.
    pub latency: Duration,
    /// Lost packets per thousand. Those behind a lost packet wait until it is sent again, as in TCP.
    pub lost_per_mille: u16,
}

impl Settings {
    /// Settings with all defaults: TCP on any port, no peers, no discovery.
    #[must_use]
    pub fn new(network: NetworkId, identity: Identity) -> Self {
        Self {
            network,
            identity,
            listen: vec![any_tcp_port()],
            external: Vec::new(),
            transport: Transport::Tcp,
            bootstrap: Vec::new(),
            known: Vec::new(),
            discover: false,
            agent: concat!("ledger/", env!("CARGO_PKG_VERSION")).to_owned(),
            discover_every: Duration::from_secs(20),
            maintain_every: Duration::from_secs(2),
            search_every: Duration::from_secs(10),
            first_redial: Duration::from_secs(1),
            longest_redial: Duration::from_secs(300),
            limits: Limits::default(),
        }
    }
}

fn any_tcp_port() -> Multiaddr {
    Multiaddr::empty().with(Protocol::Ip4([0, 0, 0, 0].into())).with(Protocol::Tcp(0))
}
