use libp2p::{Multiaddr, PeerId};

use crate::wire::Status;

/// Who made a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The peer did.
    Inbound,
    /// This node did.
    Outbound,
}

/// A known peer.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerInfo {
    /// The peer.
    pub id: PeerId,
    /// The address of its connection, or one that it is known by.
    pub address: Option<Multiaddr>,
    /// Who made the connection. `None` if there is none.
    pub direction: Option<Direction>,
    /// Its program as it calls itself: a stranger's text, cut to 128 characters and not escaped.
    pub agent: Option<String>,
    /// The last tip that it told us.
    pub status: Option<Status>,
    /// 0 at best; at -50 it is banned.
    pub score: f64,
    /// How many seconds it is still banned.
    pub banned_seconds: Option<u64>,
    /// When it was last connected or disconnected, in seconds since 1970.
    pub last_seen: Option<u64>,
    /// How many dials in a row failed.
    pub failures: u32,
    /// What went wrong last, cut and escaped.
    pub last_error: Option<String>,
}
