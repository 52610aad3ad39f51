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

    /// Any of these peers.
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Backoff, Offence, Source};
    use super::*;
    use crate::settings::PeerLimits;

    fn address(number: u8) -> Multiaddr {
        format!("/ip4/10.0.0.{number}/tcp/1").parse().unwrap()
    }

    /// A table with an outbound connection and two inbound ones.
    fn connected(limits: PeerLimits, now: Instant) -> (PeerTable, [PeerId; 3]) {
        let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) };
        let mut table = PeerTable::new(PeerId::random(), limits, backoff);
        let peers = [(); 3].map(|()| PeerId::random());
        let directions = [Direction::Outbound, Direction::Inbound, Direction::Inbound];
        for ((peer, direction), number) in peers.into_iter().zip(directions).zip(1..) {
            table.learn(peer, address(number), Source::Direct, now);
            table.connected(peer, direction, address(number + 100), now);
        }
        (table, peers)
    }

    #[test]
    fn connections_are_counted_by_direction() {
        let (table, [dialled, other, _]) = connected(PeerLimits::default(), Instant::now());
        assert_eq!(table.connected_counts(), (3, 1));
        assert!(table.has_dialled(&dialled) && !table.has_dialled(&other));
        assert!(!table.has_dialled(&PeerId::random()));
        assert_eq!(table.address_of(&other), Some(&address(102)));
        assert_eq!(table.addresses(&other), [address(2)]);
        assert_eq!(table.to_dial(9, Instant::now()), [], "all are connected");
    }

    #[test]
    fn peer_is_silent_until_it_joins() {
        let (now, identify_time) = (Instant::now(), Duration::from_secs(20));
        let limits = PeerLimits { identify_time, ..PeerLimits::default() };
        let (mut table, [joined, one, other]) = connected(limits, now);
        assert_eq!(table.any_joined(), None);
        table.joined(joined, "a test");
        assert_eq!((table.any_joined(), table.joined_count()), (Some(joined), 1));
        assert_eq!(table.silent(now + identify_time), []);
        let silent = table.silent(now + identify_time + Duration::from_millis(1));
        assert!(silent.len() == 2 && silent.contains(&one) && silent.contains(&other), "{silent:?}");
    }

    #[test]
    fn only_peers_that_others_can_use_are_named() {
        let now = Instant::now();
        let (mut table, [good, failed, banned]) = connected(PeerLimits::default(), now);
        table.failed(failed, "no answer", now);
        table.charge(banned, Offence::InvalidBlock, "a test", now);
        table.learn(PeerId::random(), address(9), Source::Direct, now);
        table.learn(good, address(8), Source::Direct, now);
        let named = |table: &PeerTable, asker: PeerId, hidden| {
            table.to_name(&asker, |found| *found != address(hidden))
        };
        assert_eq!(named(&table, PeerId::random(), 8), [(good, vec![address(1)])]);
        assert_eq!(named(&table, good, 8), []);
        table.end_bans(now);
        assert_eq!(named(&table, good, 8), [], "it is still banned");
        table.end_bans(now + PeerLimits::default().longest_ban);
        assert_eq!(named(&table, good, 8), [(banned, vec![address(3)])]);
        assert_eq!(named(&table, good, 3), [], "it has no other address");
    }
}
