use std::collections::HashSet;

use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use super::{info::Direction, record::Record, table::PeerTable};
use crate::random;

impl PeerTable {
    /// Peers to dial now, at most `count`: those with the fewest failures first, equals in random order. Paused ones come last,
    /// and only if this node has no other peer.
    pub(crate) fn to_dial(&self, count: usize, now: Instant) -> Vec<(PeerId, Vec<Multiaddr>)> {
        let shut_out = self.shut_out(now);
        let free = |(peer, record): &(&PeerId, &Record)| {
            record.connection.is_none()
                && !record.addresses.is_empty()
                && record.not_before <= now
                && !shut_out.contains(peer)
        };
        let mut peers: Vec<_> = self.records.iter().filter(free).collect();
        peers.sort_by_cached_key(|(_, record)| {
            (record.slowness.is_paused(now), record.failures, random::number())
        });
        peers.into_iter().take(count).map(|(&peer, record)| (peer, record.addresses.clone())).collect()
    }

    /// How many peers are connected, and how many of these this node has dialled.
    pub(crate) fn connected_counts(&self) -> (usize, usize) {
        let connections = || self.records.values().filter_map(|record| record.connection.as_ref());
        let outbound = connections().filter(|connection| connection.direction == Direction::Outbound).count();
        (connections().count(), outbound)
    }

    /// Peers that have shown that they are of our network.
    pub(crate) fn joined_count(&self) -> usize {
        self.joined_peers().count()
    }

    /// Any of them.
    pub(crate) fn any_joined(&self) -> Option<PeerId> {
        self.joined_peers().min_by_key(|_| random::number())
    }

    fn joined_peers(&self) -> impl Iterator<Item = PeerId> {
        let joined = |record: &Record| record.connection.as_ref().is_some_and(|connection| connection.joined);
        self.records.iter().filter(move |(_, record)| joined(record)).map(|(&peer, _)| peer)
    }

    /// The addresses that a peer is known by.
    pub(crate) fn addresses(&self, peer: &PeerId) -> &[Multiaddr] {
        self.records.get(peer).map_or(&[], |record| &record.addresses)
    }

    /// The address at the other end of the peer's connection.
    pub(crate) fn address_of(&self, peer: &PeerId) -> Option<&Multiaddr> {
        Some(&self.records.get(peer)?.connection.as_ref()?.address)
    }

    /// Whether this node made the connection.
    pub(crate) fn has_dialled(&self, peer: &PeerId) -> bool {
        let connection = self.records.get(peer).and_then(|record| record.connection.as_ref());
        connection.is_some_and(|connection| connection.direction == Direction::Outbound)
    }

    /// Peers that have been connected for long without identifying themselves.
    pub(crate) fn silent(&self, now: Instant) -> Vec<PeerId> {
        let late = |record: &Record| {
            let waiting = record.connection.as_ref().filter(|connection| !connection.joined);
            waiting.is_some_and(|connection| now - connection.since > self.limits.identify_time)
        };
        self.records.iter().filter(|(_, record)| late(record)).map(|(&peer, _)| peer).collect()
    }

    /// Peers to name to another: those that were connected, in random order.
    pub(crate) fn to_name(
        &self,
        asker: &PeerId,
        allowed: impl Fn(&Multiaddr) -> bool,
    ) -> Vec<(PeerId, Vec<Multiaddr>)> {
        let good = |record: &Record| {
            record.last_seen.is_some() && record.failures == 0 && record.banned_until.is_none()
        };
        let mut peers: Vec<_> =
            self.records.iter().filter(|(peer, record)| *peer != asker && good(record)).collect();
        peers.sort_by_cached_key(|_| random::number());
        let reachable =
            |record: &Record| record.addresses.iter().filter(|address| allowed(address)).cloned().collect();
        let named = peers.into_iter().map(|(&peer, record)| (peer, reachable(record)));
        named
            .filter(|(_, addresses): &(_, Vec<_>)| !addresses.is_empty())
            .take(self.limits.exchanged)
            .collect()
    }

    /// Peers to have no connection with: banned ones, and paused ones unless there are no others, since slowness must leave no
    /// node alone.
    pub(crate) fn shut_out(&self, now: Instant) -> HashSet<PeerId> {
        let is_alone = self.joined_count() == 0;
        let shut_out = |record: &Record| record.is_banned(now) || !is_alone && record.slowness.is_paused(now);
        self.records.iter().filter(|(_, record)| shut_out(record)).map(|(&peer, _)| peer).collect()
    }

    /// All banned peers.
    pub(crate) fn banned(&self, now: Instant) -> impl Iterator<Item = PeerId> {
        self.records.iter().filter(move |(_, record)| record.is_banned(now)).map(|(&peer, _)| peer)
    }
}
