use std::{collections::HashMap, hash::Hash, net::IpAddr};

use libp2p::{PeerId, swarm::ConnectionId};

use crate::{peers::Direction, settings::PeerLimits};

/// An established connection.
#[derive(Debug, Clone, Copy)]
struct Open {
    peer: PeerId,
    direction: Direction,
    /// The network that it counts for, if any.
    network: Option<IpAddr>,
    /// Where it comes from, private or not.
    from: Option<IpAddr>,
    /// Higher than that of all earlier ones.
    number: u64,
    /// Whether it gives way to another one.
    is_leaving: bool,
}

/// Established and pending connections.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pending: HashMap<Direction, HashMap<ConnectionId, Option<IpAddr>>>,
    open: HashMap<ConnectionId, Open>,
    per_peer: HashMap<PeerId, u32>,
    per_network: HashMap<IpAddr, u32>,
    opened: u64,
}

impl Counts {
    /// Counts a pending connection, unless there are too many.
    pub(super) fn begin(
        &mut self,
        id: ConnectionId,
        direction: Direction,
        network: Option<IpAddr>,
        limits: &PeerLimits,
    ) -> Result<(), &'static str> {
        let pending = self.pending.entry(direction).or_default();
        refuse_if(pending.len() >= limits.pending as usize, "too many connections are being made")?;
        let near = pending.values().filter(|other| network.is_some() && **other == network).count();
        let many = near >= limits.pending_per_address as usize;
        refuse_if(many, "too many connections are being made from this address")?;
        pending.insert(id, network);
        Ok(())
    }

    /// Forgets a pending connection, which is established or has failed.
    pub(super) fn end_pending(&mut self, id: ConnectionId) {
        for pending in self.pending.values_mut() {
            pending.remove(&id);
        }
    }

    /// Refuses a connection from this network if it is one too many. `None` has no limit.
    pub(super) fn check_network(
        &self,
        network: Option<IpAddr>,
        limits: &PeerLimits,
    ) -> Result<(), &'static str> {
        let count = network.and_then(|network| self.per_network.get(&network)).copied().unwrap_or(0);
        refuse_if(count >= limits.per_address, "too many connections from this address")
    }

    /// Whether there is a connection with this peer.
    pub(super) fn is_connected(&self, peer: &PeerId) -> bool {
        self.per_peer.contains_key(peer)
    }

    /// Refuses a connection with this peer if it is one too many.
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
        self.open.values().filter(|open| open.direction == direction && !open.is_leaving).count()
    }

    /// Chooses a connection that gives way to one from this address, if all inbound slots are taken: the newest from the
    /// address with most of them, unless this address would then have more. So a crowd at few addresses shuts nobody out.
    pub(super) fn make_room(
        &mut self,
        from: Option<IpAddr>,
        limits: &PeerLimits,
    ) -> Option<(PeerId, ConnectionId)> {
        if self.count(Direction::Inbound) < limits.inbound as usize {
            return None;
        }
        let staying =
            || self.open.iter().filter(|(_, open)| open.direction == Direction::Inbound && !open.is_leaving);
        let count = |from: Option<IpAddr>| staying().filter(|(_, open)| open.from == from).count();
        let (_, open) = staying().max_by_key(|(_, open)| (count(open.from), open.number))?;
        if count(open.from) < count(from) + 2 {
            return None;
        }
        let number = open.number;
        let (id, open) = self.open.iter_mut().find(|(_, open)| open.number == number)?;
        open.is_leaving = true;
        Some((open.peer, *id))
    }

    pub(super) fn open(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        direction: Direction,
        (network, from): (Option<IpAddr>, Option<IpAddr>),
    ) {
        self.end_pending(id);
        self.opened += 1;
        let number = self.opened;
        self.open.insert(id, Open { peer, direction, network, from, number, is_leaving: false });
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
    fn slots_of_one_direction_are_not_taken_by_the_other() {
        let mut counts = Counts::default();
        counts.open(id(0), PeerId::random(), Direction::Inbound, (None, None));
        counts.open(id(1), PeerId::random(), Direction::Inbound, (None, None));
        assert!(counts.check(PeerId::random(), Direction::Inbound, &limits()).is_err());
        assert!(counts.check(PeerId::random(), Direction::Outbound, &limits()).is_ok());
    }

    #[test]
    fn peer_and_address_have_limits_of_their_own() {
        let (mut counts, peer, network) =
            (Counts::default(), PeerId::random(), Some(IpAddr::from([8, 8, 8, 8])));
        counts.open(id(0), peer, Direction::Inbound, (network, network));
        assert_eq!(counts.check(peer, Direction::Inbound, &limits()), Err("already connected"));
        assert!(counts.is_connected(&peer) && !counts.is_connected(&PeerId::random()));
        assert!(counts.check_network(network, &limits()).is_err());
        assert!(counts.check_network(Some(IpAddr::from([8, 8, 4, 4])), &limits()).is_ok());
        assert!(counts.check_network(None, &limits()).is_ok());
    }

    #[test]
    fn closed_connections_leave_nothing_behind() {
        let mut counts = Counts::default();
        for number in 0..1_000 {
            counts.begin(id(number), Direction::Inbound, None, &limits()).unwrap();
            let from = Some(IpAddr::from([8, 8, 8, 8]));
            counts.open(id(number), PeerId::random(), Direction::Inbound, (from, from));
            counts.close(id(number));
        }
        let left = (counts.open.len(), counts.per_peer.len(), counts.per_network.len());
        assert_eq!((left, counts.pending[&Direction::Inbound].len()), ((0, 0, 0), 0));
    }

    #[test]
    fn crowd_of_one_address_gives_way_to_others() {
        let (mut counts, limits) = (Counts::default(), PeerLimits { inbound: 4, ..limits() });
        let [crowd, one, other, last, dialled] =
            [1, 2, 3, 4, 5].map(|last| Some(IpAddr::from([10, 0, 0, last])));
        let open = |counts: &mut Counts, number, from| {
            counts.open(id(number), PeerId::random(), Direction::Inbound, (None, from));
        };
        (0..3).for_each(|number| open(&mut counts, number, crowd));
        assert_eq!(counts.make_room(one, &limits), None, "a slot is free");
        open(&mut counts, 3, one);
        (10..15).for_each(|number| {
            counts.open(id(number), PeerId::random(), Direction::Outbound, (None, dialled));
        });
        assert_eq!(counts.make_room(crowd, &limits), None, "the crowd itself gets no more");
        assert_eq!(counts.make_room(other, &limits).map(|(_, left)| left), Some(id(2)));
        assert!(counts.check(PeerId::random(), Direction::Inbound, &limits).is_ok());
        open(&mut counts, 4, other);
        counts.close(id(2));
        assert_eq!(counts.make_room(other, &limits), None, "two, one and one are fair");
        assert_eq!(counts.make_room(last, &limits).map(|(_, left)| left), Some(id(1)));
    }

    #[test]
    fn handshakes_are_limited() {
        let mut counts = Counts::default();
        let begin = |counts: &mut Counts, number| {
            counts.begin(id(number), Direction::Inbound, None, &limits()).is_ok()
        };
        assert_eq!([0, 1].map(|number| begin(&mut counts, number)), [true, false]);
        counts.end_pending(id(0));
        assert!(begin(&mut counts, 1));
    }

    #[test]
    fn handshakes_of_one_address_leave_slots_for_others() {
        let (mut counts, limits) =
            (Counts::default(), PeerLimits { pending: 9, pending_per_address: 2, ..limits() });
        let [near, far] = [8, 9].map(|last| Some(IpAddr::from([10, 0, 0, last])));
        let mut begin =
            |number, network| counts.begin(id(number), Direction::Inbound, network, &limits).is_ok();
        assert_eq!([0, 1, 2].map(|number| begin(number, near)), [true, true, false]);
        assert!(begin(3, far) && (4..8).all(|number| begin(number, None)));
    }
}
