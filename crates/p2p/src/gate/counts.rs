use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    net::IpAddr,
};

use libp2p::{PeerId, swarm::ConnectionId};

use crate::{peers::Direction, settings::PeerLimits};

/// An established connection.
#[derive(Debug, Clone, Copy)]
struct Open {
    peer: PeerId,
    direction: Direction,
    network: Option<IpAddr>,
}

/// Established and pending connections.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pending: HashMap<Direction, HashSet<ConnectionId>>,
    open: HashMap<ConnectionId, Open>,
    per_peer: HashMap<PeerId, u32>,
    per_network: HashMap<IpAddr, u32>,
}

impl Counts {
    /// Counts one that is being made, unless there are too many.
    pub(super) fn begin(
        &mut self,
        id: ConnectionId,
        direction: Direction,
        limits: &PeerLimits,
    ) -> Result<(), &'static str> {
        let pending = self.pending.entry(direction).or_default();
        if pending.len() >= limits.pending as usize {
            return Err("too many connections are being made");
        }
        pending.insert(id);
        Ok(())
    }

    /// It stands or has failed.
    pub(super) fn end_pending(&mut self, id: ConnectionId) {
        for pending in self.pending.values_mut() {
            pending.remove(&id);
        }
    }

    /// Whether a connection from this network is one too many. `None` has no limit.
    pub(super) fn check_network(
        &self,
        network: Option<IpAddr>,
        limits: &PeerLimits,
    ) -> Result<(), &'static str> {
        let count = network.and_then(|network| self.per_network.get(&network)).copied().unwrap_or(0);
        refuse_if(count >= limits.per_address, "too many connections from this address")
    }

    /// Whether a connection with this peer is one too many.
    pub(super) fn check(
        &self,
        peer: PeerId,
        direction: Direction,
        limits: &PeerLimits,
    ) -> Result<(), &'static str> {
        let with_peer = self.per_peer.get(&peer).copied().unwrap_or(0);
        refuse_if(with_peer >= limits.per_peer, "already connected")?;
        let (most, why) = match direction {
            Direction::Inbound => (limits.inbound, "too many inbound connections"),
            Direction::Outbound => (limits.outbound, "too many outbound connections"),
        };
        refuse_if(self.count(direction) >= most as usize, why)
    }

    fn count(&self, direction: Direction) -> usize {
        self.open.values().filter(|open| open.direction == direction).count()
    }

    pub(super) fn open(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        direction: Direction,
        network: Option<IpAddr>,
    ) {
        self.end_pending(id);
        self.open.insert(id, Open { peer, direction, network });
        *self.per_peer.entry(peer).or_default() += 1;
        if let Some(network) = network {
            *self.per_network.entry(network).or_default() += 1;
        }
    }

    pub(super) fn close(&mut self, id: ConnectionId) {
        if let Some(open) = self.open.remove(&id) {
            decrease(&mut self.per_peer, &open.peer);
            open.network.iter().for_each(|network| decrease(&mut self.per_network, network));
        }
    }
}

/// Counts down, and removes zeros: a million strangers must leave no trace.
fn decrease<K: Eq + Hash>(counts: &mut HashMap<K, u32>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

fn refuse_if(too_many: bool, why: &'static str) -> Result<(), &'static str> {
    if too_many { Err(why) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> PeerLimits {
        PeerLimits {
            inbound: 2,
            outbound: 1,
            pending: 1,
            per_peer: 1,
            per_address: 1,
            ..PeerLimits::default()
        }
    }

    fn id(number: usize) -> ConnectionId {
        ConnectionId::new_unchecked(number)
    }

    #[test]
    fn places_of_one_direction_are_not_taken_by_the_other() {
        let mut counts = Counts::default();
        counts.open(id(0), PeerId::random(), Direction::Inbound, None);
        counts.open(id(1), PeerId::random(), Direction::Inbound, None);
        assert!(counts.check(PeerId::random(), Direction::Inbound, &limits()).is_err());
        assert!(counts.check(PeerId::random(), Direction::Outbound, &limits()).is_ok());
    }

    #[test]
    fn peer_and_address_have_limits_of_their_own() {
        let (mut counts, peer, network) =
            (Counts::default(), PeerId::random(), Some(IpAddr::from([8, 8, 8, 8])));
        counts.open(id(0), peer, Direction::Inbound, network);
        assert_eq!(counts.check(peer, Direction::Inbound, &limits()), Err("already connected"));
        assert!(counts.check_network(network, &limits()).is_err());
        assert!(counts.check_network(Some(IpAddr::from([8, 8, 4, 4])), &limits()).is_ok());
        assert!(counts.check_network(None, &limits()).is_ok());
    }

    #[test]
    fn closed_connections_leave_nothing_behind() {
        let mut counts = Counts::default();
        for number in 0..1_000 {
            counts.begin(id(number), Direction::Inbound, &limits()).unwrap();
            counts.open(id(number), PeerId::random(), Direction::Inbound, Some(IpAddr::from([8, 8, 8, 8])));
            counts.close(id(number));
        }
        let left = (counts.open.len(), counts.per_peer.len(), counts.per_network.len());
        assert_eq!((left, counts.pending[&Direction::Inbound].len()), ((0, 0, 0), 0));
    }

    #[test]
    fn handshakes_are_limited() {
        let mut counts = Counts::default();
        counts.begin(id(0), Direction::Inbound, &limits()).unwrap();
        assert!(counts.begin(id(1), Direction::Inbound, &limits()).is_err());
        counts.end_pending(id(0));
        assert!(counts.begin(id(1), Direction::Inbound, &limits()).is_ok());
    }
}
