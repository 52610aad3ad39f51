use std::time::Duration;

use crate::rate::Rate;

/// Everything that bounds what other nodes can cost this one.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Connections, and the table of peers.
    pub peers: PeerLimits,
    /// Payments and blocks that travel.
    pub gossip: GossipLimits,
    /// Requests and answers.
    pub sync: SyncLimits,
}

/// Bounds connections, and the table of peers.
#[derive(Debug, Clone)]
pub struct PeerLimits {
    /// Connections that this node makes. Others cannot take these slots.
    pub outbound: u32,
    /// Connections that others make.
    pub inbound: u32,
    /// Connections in each direction whose handshake is not over.
    pub pending: u32,
    /// Pending ones from one address; of IPv6, from one /64. Private addresses count, too: an honest handshake is short.
    pub pending_per_address: u32,
    /// Handshakes that one address begins; of IPv6, one /64. Private addresses count, too: the burst lets a class behind one
    /// router come at once.
    pub handshakes_per_address: Rate,
    /// Connections with one peer. Two, since both sides may dial at the same moment.
    pub per_peer: u32,
    /// Inbound connections from one public address; of IPv6, from one /64. Private addresses have no limit of their own.
    pub per_address: u32,
    /// Below this many peers, the node dials others that it knows.
    pub target: usize,
    /// Peers remembered, connected ones and others.
    pub known: usize,
    /// Peers learnt from one peer's answers.
    pub per_source: usize,
    /// Addresses remembered of one peer.
    pub addresses: usize,
    /// Peers named in one answer to peer exchange.
    pub exchanged: usize,
    /// How long a peer is banned the first time. Each further ban is twice as long, up to `longest_ban`.
    pub first_ban: Duration,
    /// The longest ban.
    pub longest_ban: Duration,
    /// How long a slow peer is paused the first time. Each further pause is twice as long, up to `longest_pause`, and each
    /// is varied by half.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How long a peer may take to tell who it is.
    pub identify_time: Duration,
}

impl Default for PeerLimits {
    fn default() -> Self {
        Self {
            outbound: 16,
            inbound: 48,
            pending: 64,
            pending_per_address: 16,
            handshakes_per_address: Rate::new(8.0, 64.0),
            per_peer: 2,
            per_address: 32,
            target: 12,
            known: 1_000,
            per_source: 64,
            addresses: 4,
            exchanged: 32,
            first_ban: Duration::from_secs(3600),
            longest_ban: Duration::from_secs(24 * 3600),
            first_pause: Duration::from_secs(60),
            longest_pause: Duration::from_secs(300),
            identify_time: Duration::from_secs(20),
        }
    }
}

impl PeerLimits {
    /// The most file descriptors that these connections take, including those whose handshake is not over.
    #[must_use]
    pub fn descriptors(&self) -> usize {
        let connections = [self.outbound, self.inbound, self.pending, self.pending];
        connections.iter().map(|&each| each as usize).sum()
    }

    /// The default limits, lowered in proportion so that they take at most this many file descriptors. Always leaves two
    /// connections of this node, four of others, and five handshakes in each direction.
    #[must_use]
    pub fn within(descriptors: usize) -> Self {
        let all = Self::default();
        let descriptors = descriptors.min(all.descriptors());
        let part =
            |whole: u32, least: u32| ((whole as usize * descriptors / all.descriptors()) as u32).max(least);
        let (outbound, inbound, pending) =
            (part(all.outbound, 2), part(all.inbound, 4), part(all.pending, 5));
        Self {
            outbound,
            inbound,
            pending,
            pending_per_address: part(all.pending_per_address, 2),
            per_address: part(all.per_address, 2),
            target: all.target.min(outbound as usize),
            ..all
        }
    }
}

/// Bounds gossip. Messages over a limit are neither judged nor relayed.
#[derive(Debug, Clone)]
pub struct GossipLimits {
    /// Bytes of a payment.
    pub payment_bytes: usize,
    /// Bytes of a block that travels whole. A larger one is announced and then fetched.
    pub whole_block_bytes: usize,
    /// Bytes of any block.
    pub block_bytes: u64,
    /// Payments from one origin. This node sends its own at four fifths of this rate.
    pub per_origin: Rate,
    /// Payments from all origins.
    pub payments: Rate,
    /// Messages that one peer relays. This is above `payments`: a peer over it did not keep to its own limit.
    pub per_peer: Rate,
    /// Bytes that one peer relays.
    pub bytes_per_peer: Rate,
    /// Origins whose counters are remembered.
    pub origins: usize,
    /// Payments that are being judged; a quarter of them from one peer.
    pub judged: usize,
    /// Blocks that are being judged; a quarter of them from one peer.
    pub judged_blocks: usize,
    /// Announced blocks that are being fetched; half of them from one peer.
    pub fetched_blocks: usize,
    /// How long a verdict may take. A message with a later one is not relayed.
    pub verdict_time: Duration,
    /// Own payments that wait to be sent.
    pub outbox: usize,
}

impl Default for GossipLimits {
    fn default() -> Self {
        Self {
            payment_bytes: 64 << 10,
            whole_block_bytes: 1 << 20,
            block_bytes: 32 << 20,
            per_origin: Rate::new(100.0, 500.0),
            payments: Rate::new(1_000.0, 5_000.0),
            per_peer: Rate::new(1_500.0, 10_000.0),
            bytes_per_peer: Rate::new(8e6, 64e6),
            origins: 10_000,
            judged: 1_024,
            judged_blocks: 32,
            fetched_blocks: 4,
            verdict_time: Duration::from_secs(10),
            outbox: 10_000,
        }
    }
}

/// Bounds requests and answers.
#[derive(Debug, Clone)]
pub struct SyncLimits {
    /// Bytes of a request.
    pub request_bytes: u64,
    /// Bytes of the blocks of one page, and of a part of a larger block.
    pub page_bytes: usize,
    /// Open requests of one peer.
    pub open_per_peer: usize,
    /// Open requests of all peers. Each holds at most one page.
    pub open: usize,
    /// Open requests of this node.
    pub asking: usize,
    /// Requests of one peer.
    pub per_peer: Rate,
    /// How long a request and its answer may take.
    pub timeout: Duration,
}

impl Default for SyncLimits {
    fn default() -> Self {
        Self {
            request_bytes: 8 << 10,
            page_bytes: 1 << 20,
            open_per_peer: 6,
            open: 32,
            asking: 64,
            per_peer: Rate::new(200.0, 400.0),
            timeout: Duration::from_secs(20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_the_descriptors() {
        let all = PeerLimits::default();
        assert_eq!(all.descriptors(), 192);
        for descriptors in [192, 193, 10_000, usize::MAX] {
            assert_eq!(PeerLimits::within(descriptors).descriptors(), 192, "{descriptors}");
        }
        for descriptors in 16..192 {
            let limits = PeerLimits::within(descriptors);
            assert!(limits.descriptors() <= descriptors, "{descriptors}: {limits:?}");
            assert!(
                limits.target <= limits.outbound as usize && limits.pending_per_address <= limits.pending
            );
        }
        let least = PeerLimits::within(0);
        assert_eq!((least.outbound, least.inbound, least.pending, least.target), (2, 4, 5, 2));
    }
}
