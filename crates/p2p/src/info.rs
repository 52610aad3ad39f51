use libp2p::{Multiaddr, PeerId};

use crate::peers::Offence;

/// The network as this node sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeInfo {
    /// This node.
    pub id: PeerId,
    /// Where it listens.
    pub listen: Vec<Multiaddr>,
    /// Where others reach it, as far as it knows.
    pub external: Vec<Multiaddr>,
    /// Peers of our network that are connected.
    pub connected: usize,
    /// Peers that are banned now.
    pub banned: usize,
    /// What it has counted.
    pub counters: Counters,
}

/// What a node has counted since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Bytes that came in, with everything that encryption and multiplexing add.
    pub bytes_received: u64,
    /// Bytes that went out.
    pub bytes_sent: u64,
    /// Messages of gossip that came in, each copy counted.
    pub copies: u64,
    /// Their bytes.
    pub copied_bytes: u64,
    /// Messages that were accepted and passed on.
    pub accepted: u64,
    /// Messages that were judged and not passed on, without blame.
    pub ignored: u64,
    /// Messages that were rejected.
    pub rejected: u64,
    /// Messages that were over a limit or heard before, and were not judged.
    pub not_judged: u64,
    /// Messages of our own.
    pub published: u64,
    /// Requests of peers that were answered.
    pub answered: u64,
    /// Requests of peers that were told that we are busy.
    pub busy: u64,
    /// Offences of peers, in the order of [`Offence::ALL`].
    pub offences: [u64; Offence::ALL.len()],
    /// Bans of peers.
    pub bans: u64,
}
