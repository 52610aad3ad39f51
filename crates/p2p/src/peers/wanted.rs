use libp2p::{Multiaddr, PeerId, multiaddr::Protocol, swarm::ConnectionId};
use tokio::time::Instant;

use super::backoff::Backoff;

/// Maximum number of addresses. Others are ignored.
const MAX_TARGETS: usize = 1_000;

/// Addresses to keep connected, whichever peer is there: those that the owner names.
#[derive(Debug)]
pub(crate) struct Wanted {
    backoff: Backoff,
    targets: Vec<Target>,
}

#[derive(Debug)]
struct Target {
    address: Multiaddr,
    peer: Option<PeerId>,
    dialling: Option<ConnectionId>,
    /// Dials since the last one that led to a peer of our network.
    failures: u32,
    /// Whether the last failure was reported.
    is_told: bool,
    not_before: Instant,
}

impl Wanted {
    pub(crate) fn new(addresses: &[Multiaddr], backoff: Backoff, now: Instant) -> Self {
        let mut wanted = Self { backoff, targets: Vec::new() };
        addresses.iter().for_each(|address| wanted.add(address.clone(), now));
        wanted
    }

    pub(crate) fn add(&mut self, address: Multiaddr, now: Instant) {
        let peer = address.iter().find_map(|part| match part {
            Protocol::P2p(peer) => Some(peer),
            _ => None,
        });
        let is_known = self.targets.iter().any(|target| target.address == address);
        if !is_known && self.targets.len() < MAX_TARGETS {
            self.targets.push(Target {
                address,
                peer,
                dialling: None,
                failures: 0,
                is_told: false,
                not_before: now,
            });
        }
    }

    /// Addresses to dial now: no dial is running, and their peer is not connected.
    pub(crate) fn due(&self, is_connected: impl Fn(&PeerId) -> bool, now: Instant) -> Vec<Multiaddr> {
        let due = |target: &&Target| {
            target.dialling.is_none()
                && target.not_before <= now
                && !target.peer.as_ref().is_some_and(&is_connected)
        };
        self.targets.iter().filter(due).map(|target| target.address.clone()).collect()
    }

    /// Records that a dial of an address began.
    pub(crate) fn dialling(&mut self, address: &Multiaddr, id: ConnectionId) {
        if let Some(target) = self.targets.iter_mut().find(|target| target.address == *address) {
            target.dialling = Some(id);
        }
    }

    /// Records which peer a dial reached. The dial counts as failed until the peer has joined: it may be of another network,
    /// or have no free slot.
    pub(crate) fn connected(&mut self, id: ConnectionId, peer: PeerId, now: Instant) {
        let backoff = self.backoff;
        if let Some(target) = self.target(id) {
            target.peer = Some(peer);
            target.wait(backoff, now);
        }
    }

    /// Records that a peer is of our network.
    pub(crate) fn joined(&mut self, peer: PeerId, now: Instant) {
        let wait = self.backoff.wait(1);
        for target in self.targets.iter_mut().filter(|target| target.peer == Some(peer)) {
            (target.failures, target.is_told, target.not_before) = (0, false, now + wait);
        }
    }

    /// Records that a dial failed. Returns the address unless that was reported since a peer joined there.
    pub(crate) fn failed(&mut self, id: ConnectionId, now: Instant) -> Option<Multiaddr> {
        let backoff = self.backoff;
        let target = self.target(id)?;
        target.wait(backoff, now);
        let is_told = std::mem::replace(&mut target.is_told, true);
        (!is_told).then(|| target.address.clone())
    }

    /// Removes an address that is our own. Returns it.
    pub(crate) fn remove(&mut self, id: ConnectionId) -> Option<Multiaddr> {
        let at = self.targets.iter().position(|target| target.dialling == Some(id))?;
        Some(self.targets.remove(at).address)
    }

    fn target(&mut self, id: ConnectionId) -> Option<&mut Target> {
        self.targets.iter_mut().find(|target| target.dialling == Some(id))
    }
}

impl Target {
    /// Ends a dial. The next one waits longer.
    fn wait(&mut self, backoff: Backoff, now: Instant) {
        self.dialling = None;
        self.failures = self.failures.saturating_add(1);
        self.not_before = now + backoff.wait(self.failures);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn wanted(now: Instant) -> (Wanted, Multiaddr) {
        let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(8) };
        let address: Multiaddr = "/ip4/10.0.0.7/tcp/6000".parse().unwrap();
        (Wanted::new(std::slice::from_ref(&address), backoff, now), address)
    }

    #[test]
    fn failed_address_is_due_again_after_its_backoff() {
        let now = Instant::now();
        let (mut wanted, address) = wanted(now);
        let id = ConnectionId::new_unchecked(1);
        wanted.dialling(&address, id);
        assert!(wanted.due(|_| false, now).is_empty());
        assert_eq!(wanted.failed(id, now), Some(address.clone()));
        assert!(wanted.due(|_| false, now + Duration::from_millis(400)).is_empty());
        assert_eq!(wanted.due(|_| false, now + Duration::from_secs(2)), [address]);
    }

    #[test]
    fn failure_is_reported_once_until_the_address_is_reached() {
        let now = Instant::now();
        let (mut wanted, address) = wanted(now);
        let mut dial = |number, is_reached| {
            let id = ConnectionId::new_unchecked(number);
            wanted.dialling(&address, id);
            if is_reached {
                let peer = PeerId::random();
                wanted.connected(id, peer, now);
                wanted.joined(peer, now);
                return None;
            }
            wanted.failed(id, now)
        };
        let named = [false, false, true, false, false].into_iter().enumerate();
        let named: Vec<bool> = named.map(|(number, reached)| dial(number, reached).is_some()).collect();
        assert_eq!(named, [true, false, false, true, false]);
    }

    #[test]
    fn address_of_a_peer_that_does_not_join_is_due_ever_later() {
        let now = Instant::now();
        let (mut wanted, address) = wanted(now);
        let peer = PeerId::random();
        let mut wait = |number| {
            let id = ConnectionId::new_unchecked(number);
            wanted.dialling(&address, id);
            wanted.connected(id, peer, now);
            wanted.targets[0].not_before - now
        };
        let waits: Vec<_> = (0..4).map(&mut wait).collect();
        assert!(waits[0] < Duration::from_millis(1500) && waits[3] >= Duration::from_secs(4), "{waits:?}");
        wanted.joined(peer, now);
        assert_eq!(wanted.due(|_| false, now + Duration::from_millis(1500)), [address]);
    }

    #[test]
    fn address_is_not_due_while_its_peer_is_connected() {
        let now = Instant::now();
        let (mut wanted, address) = wanted(now);
        let (id, peer, later) =
            (ConnectionId::new_unchecked(1), PeerId::random(), now + Duration::from_secs(60));
        wanted.dialling(&address, id);
        wanted.connected(id, peer, now);
        assert!(wanted.due(|connected| *connected == peer, later).is_empty());
        assert_eq!(wanted.due(|_| false, later), [address]);
    }

    #[test]
    fn address_is_not_due_while_the_peer_that_it_names_is_connected() {
        let (now, peer) = (Instant::now(), PeerId::random());
        let (mut wanted, address) = wanted(now);
        let named = address.clone().with_p2p(peer).unwrap();
        wanted.add(named.clone(), now);
        assert_eq!(wanted.due(|_| false, now), [address.clone(), named]);
        assert_eq!(wanted.due(|connected| *connected == peer, now), [address]);
    }

    #[test]
    fn peer_that_leaves_at_once_is_not_dialled_at_once() {
        let now = Instant::now();
        let (mut wanted, address) = wanted(now);
        let (id, other) =
            (ConnectionId::new_unchecked(1), "/ip4/10.0.0.8/tcp/6000".parse::<Multiaddr>().unwrap());
        wanted.add(other.clone(), now);
        wanted.dialling(&address, id);
        wanted.connected(id, PeerId::random(), now);
        assert_eq!(wanted.due(|_| false, now), std::slice::from_ref(&other));
        assert_eq!(wanted.due(|_| false, now + Duration::from_secs(2)), [address, other]);
    }

    #[test]
    fn addresses_are_bounded() {
        let now = Instant::now();
        let (mut wanted, _) = wanted(now);
        for port in 1..=2 * MAX_TARGETS {
            wanted.add(format!("/ip4/10.0.0.8/tcp/{port}").parse().unwrap(), now);
        }
        assert_eq!(wanted.targets.len(), MAX_TARGETS);
    }

    #[test]
    fn own_address_is_forgotten() {
        let now = Instant::now();
        let (mut wanted, address) = wanted(now);
        wanted.dialling(&address, ConnectionId::new_unchecked(1));
        assert_eq!(wanted.remove(ConnectionId::new_unchecked(1)), Some(address));
        assert!(wanted.due(|_| false, now + Duration::from_secs(60)).is_empty());
    }
}
