use std::time::Duration;

use libp2p::{
    Multiaddr, PeerId,
    core::ConnectedPoint,
    multiaddr::Protocol,
    swarm::{
        ConnectionId, DialError,
        dial_opts::{DialOpts, PeerCondition},
    },
};
use tokio::time::Instant;

use super::state::{Driver, Introduced};
use crate::{
    engine::{why, with_address},
    error::IntroduceError,
    event::Event,
    peers::{Charge, Direction, Offence, Source},
};

impl Driver {
    pub(super) fn on_connected(&mut self, peer: PeerId, id: ConnectionId, endpoint: &ConnectedPoint) {
        let now = Instant::now();
        let (direction, address) = match endpoint {
            ConnectedPoint::Dialer { address, .. } => (Direction::Outbound, without_peer(address)),
            ConnectedPoint::Listener { send_back_addr, .. } => {
                (Direction::Inbound, without_peer(send_back_addr))
            }
        };
        self.peers.connected(peer, direction, address.clone(), now);
        self.end_introductions(peer, &Ok(()));
        if direction == Direction::Outbound {
            self.wanted.connected(id, peer, now);
            self.peers.learn(peer, address, Source::Direct, now);
        }
    }

    pub(super) fn on_disconnected(&mut self, peer: PeerId) {
        self.admission.forget(&peer);
        self.serving.forget(&peer);
        if self.peers.disconnected(peer, Instant::now()) {
            self.events.send(Event::Left(peer));
        }
    }

    pub(super) fn on_dial_failed(&mut self, peer: Option<PeerId>, id: ConnectionId, error: &DialError) {
        let now = Instant::now();
        match (error, peer) {
            // libp2p does not even dial an address on which it listens.
            (DialError::LocalPeerId { .. }, _) | (DialError::NoAddresses, None) => {
                let removed = self.wanted.remove(id);
                self.tell_unreachable(removed, IntroduceError::Ourselves.to_string());
                if let Some(peer) = peer {
                    self.end_introductions(peer, &Err(IntroduceError::Ourselves));
                }
            }
            // The peer is connected, or another dial is running, and that one decides.
            (DialError::DialPeerConditionFalse(_), _) => {
                self.wanted.failed(id, now);
                if let Some(peer) = peer.filter(|peer| self.swarm.is_connected(peer)) {
                    self.end_introductions(peer, &Ok(()));
                }
            }
            _ => {
                let failed = self.wanted.failed(id, now);
                self.tell_unreachable(failed, why(error));
                if let Some(peer) = peer {
                    let why = with_address(error);
                    self.peers.failed(peer, &why, now);
                    self.end_introductions(peer, &Err(IntroduceError::Dial(why)));
                }
            }
        }
    }

    fn tell_unreachable(&mut self, address: Option<Multiaddr>, why: String) {
        if let Some(address) = address {
            self.events.send(Event::Unreachable { address, why });
        }
    }

    /// Dials a peer unless it is connected. Only a connection proves that an address is the peer's, so nothing is remembered
    /// before.
    pub(super) fn introduce(&mut self, peer: PeerId, addresses: Vec<Multiaddr>, reply: Introduced) {
        let options = DialOpts::peer_id(peer).condition(PeerCondition::DisconnectedAndNotDialing);
        let options = options.addresses(addresses).build();
        self.introducing.push((peer, reply));
        self.dial(options);
    }

    fn end_introductions(&mut self, peer: PeerId, outcome: &Result<(), IntroduceError>) {
        for (_, reply) in self.introducing.extract_if(.., |(introduced, _)| *introduced == peer) {
            // Err: the caller has gone.
            let _ = reply.send(outcome.clone());
        }
    }

    /// Charges a peer with an offence. After one too many, disconnects and bans the peer, or pauses it if it was only slow.
    pub(super) fn charge(&mut self, peer: PeerId, offence: Offence, why: &str) {
        tracing::debug!("{peer}: {offence}: {why}");
        let now = Instant::now();
        if offence == Offence::Stall && self.was_late(now) {
            return self.peers.avoid(peer, &format!("{offence}: {why}"), Duration::ZERO, now);
        }
        self.counts.offences[offence as usize] += 1;
        match self.peers.charge(peer, offence, why, now) {
            Charge::Tolerated => {}
            Charge::Paused(time) => self.on_paused(peer, time),
            Charge::Banned(time) => self.on_banned(peer, offence, time),
        }
    }

    fn on_banned(&mut self, peer: PeerId, offence: Offence, time: Duration) {
        self.counts.bans += 1;
        let behaviour = self.swarm.behaviour_mut();
        behaviour.blocked.block_peer(peer);
        behaviour.kad.remove_peer(&peer);
        self.events.send(Event::Banned { peer, offence, seconds: time.as_secs() });
    }

    /// Disconnects a paused peer and refuses its dials; if this node has no other peer, only until the next maintenance.
    pub(super) fn on_paused(&mut self, peer: PeerId, time: Duration) {
        self.swarm.behaviour_mut().blocked.block_peer(peer);
        self.events.send(Event::Paused { peer, seconds: time.as_secs() });
    }

    /// Whether this node itself may be the reason that answers seem late.
    pub(super) fn was_late(&self, now: Instant) -> bool {
        self.pulse.was_late(self.settings.limits.sync.timeout, now)
    }

    pub(super) fn disconnect(&mut self, peer: PeerId) {
        // Err: it has gone already.
        let _ = self.swarm.disconnect_peer_id(peer);
    }
}

/// An address without the peer's id at its end.
pub(super) fn without_peer(address: &Multiaddr) -> Multiaddr {
    address.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect()
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot::{self, error::TryRecvError};

    use super::*;
    use crate::{
        driver::state::{Pulse, testing::driver},
        settings::Limits,
    };

    #[tokio::test]
    async fn offences_and_bans_are_counted() {
        let (mut driver, mut events) = driver(Limits::default());
        for _ in 0..2 {
            let (peer, offence) = (PeerId::random(), Offence::InvalidBlock);
            driver.charge(peer, Offence::Useless, "a test");
            driver.charge(peer, offence, "a test");
            assert_eq!(events.try_recv(), Ok(Event::Banned { peer, offence, seconds: 3_600 }));
            assert!(driver.swarm.behaviour().blocked.blocked_peers().contains(&peer));
        }
        let of = |offence| driver.counts.offences[offence as usize];
        assert_eq!((of(Offence::Useless), of(Offence::InvalidBlock), driver.counts.bans), (2, 2, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn late_driver_forgives_only_slowness() {
        let (mut driver, _events) = driver(Limits::default());
        let peer = PeerId::random();
        let charged = |driver: &mut Driver| {
            driver.charge(peer, Offence::Stall, "a test");
            driver.charge(peer, Offence::Useless, "a test");
            [Offence::Stall, Offence::Useless].map(|offence| driver.counts.offences[offence as usize])
        };
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(charged(&mut driver), [0, 1]);
        driver.pulse = Pulse::new(Instant::now());
        assert_eq!(charged(&mut driver), [1, 2]);
    }

    #[tokio::test]
    async fn slow_peer_is_shut_out() {
        let (mut driver, mut events) = driver(Limits::default());
        let peer = PeerId::random();
        (0..10).for_each(|_| driver.charge(peer, Offence::Stall, "a test"));
        assert!(matches!(events.try_recv(), Ok(Event::Paused { peer: paused, .. }) if paused == peer));
        assert!(driver.swarm.behaviour().blocked.blocked_peers().contains(&peer));
    }

    #[tokio::test]
    async fn introduction_ends_for_its_peer_only() {
        let (mut driver, _events) = driver(Limits::default());
        let [one, other] = [(); 2].map(|()| PeerId::random());
        let ((first, mut ended), (second, mut waiting)) = (oneshot::channel(), oneshot::channel());
        driver.introducing = vec![(one, first), (other, second)];
        driver.end_introductions(one, &Ok(()));
        assert_eq!(ended.try_recv(), Ok(Ok(())));
        assert_eq!(waiting.try_recv(), Err(TryRecvError::Empty));
    }

    #[test]
    fn peer_id_is_cut_from_an_address() {
        let address: Multiaddr = "/ip4/8.8.8.8/tcp/1".parse().unwrap();
        assert_eq!(without_peer(&address.clone().with_p2p(PeerId::random()).unwrap()), address);
    }
}
