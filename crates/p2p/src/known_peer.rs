use libp2p::{Multiaddr, PeerId};

/// What a node remembers of a peer across restarts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPeer {
    /// The peer.
    pub id: PeerId,
    /// Where it listened.
    pub addresses: Vec<Multiaddr>,
    /// Whether this node has ever reached it by its address. Others are forgotten first.
    pub reached: bool,
    /// When it was last connected, in seconds since 1970. `None` if never.
    pub last_seen: Option<u64>,
    /// How many dials in a row failed.
    pub failures: u32,
    /// Until when it is banned, in seconds since 1970.
    pub banned_until: Option<u64>,
}
