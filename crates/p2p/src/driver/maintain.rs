use libp2p::{
    PeerId,
    swarm::dial_opts::{DialOpts, PeerCondition},
};
use tokio::time::Instant;

use super::state::Driver;
use crate::{gossip::UNHEARD, peers::Offence};

/// Peers dialled at a time.
const DIALS: usize = 4;

impl Driver {
    /// Periodic work: ends bans and pauses, disconnects silent peers, dials.
    pub(super) fn maintain(&mut self) {
        let now = Instant::now();
        self.apply_bans(now);
        for peer in self.peers.silent(now) {
            self.charge(peer, Offence::Stall, "it did not identify itself");
            self.disconnect(peer);
        }
        self.pause_unheard(now);
        self.send_payments();
        self.dial_wanted(now);
        if self.lacks_peers() {
            self.dial_known(now);
            self.search(now);
        }
    }

    /// Pauses peers that gossipsub ignores. Most are only too slow to send what they offered. The last peer stays: tips and
    /// blocks still come by sync. All stay while our own loop may be the reason that they seem slow.
    fn pause_unheard(&mut self, now: Instant) {
        if self.was_late(now) {
            return;
        }
        // A paused peer counts as joined until its connection is closed.
        let most = self.peers.joined_count().saturating_sub(1);
        for peer in self.unheard().into_iter().take(most) {
            if let Some(time) = self.peers.pause(peer, "gossipsub hears it no more", now) {
                self.counts.offences[Offence::Stall as usize] += 1;
                self.on_paused(peer, time);
            }
        }
    }

    /// Peers that keep sending although gossipsub ignores them.
    fn unheard(&self) -> Vec<PeerId> {
        let gossip = &self.swarm.behaviour().gossip;
        let unheard = |peer: &&PeerId| gossip.peer_score(peer).is_some_and(|score| score < UNHEARD);
        self.swarm.connected_peers().filter(unheard).copied().collect()
    }

    /// Whether there are fewer peers than there should be.
    pub(super) fn lacks_peers(&self) -> bool {
        self.peers.connected_counts().0 < self.settings.limits.peers.target
    }

    /// Applies bans from an earlier run, and ends bans and pauses that are over.
    fn apply_bans(&mut self, now: Instant) {
        self.peers.end_bans(now);
        let shut_out = self.peers.shut_out(now);
        let blocked = &mut self.swarm.behaviour_mut().blocked;
        let over: Vec<_> = blocked.blocked_peers().difference(&shut_out).copied().collect();
        for peer in over {
            blocked.unblock_peer(peer);
        }
        for peer in shut_out {
            blocked.block_peer(peer);
        }
    }

    fn dial_wanted(&mut self, now: Instant) {
        let swarm = &self.swarm;
        for address in self.wanted.due(|peer| swarm.is_connected(peer), now) {
            let options = DialOpts::from(address.clone());
            self.wanted.dialling(&address, options.connection_id());
            self.dial(options);
        }
    }

    pub(super) fn dial_known(&mut self, now: Instant) {
        let limits = &self.settings.limits.peers;
        let (connected, outbound) = self.peers.connected_counts();
        let lacking = limits.target.saturating_sub(connected);
        let free = (limits.outbound as usize).saturating_sub(outbound);
        for (peer, addresses) in self.peers.to_dial(lacking.min(free).min(DIALS), now) {
            let options = DialOpts::peer_id(peer).condition(PeerCondition::DisconnectedAndNotDialing);
            self.dial(options.addresses(addresses).build());
        }
    }

    /// Asks Kademlia and one peer for more peers.
    fn search(&mut self, now: Instant) {
        if now < self.next_search {
            return;
        }
        self.next_search = now + self.settings.search_every;
        self.swarm.behaviour_mut().kad.get_closest_peers(PeerId::random());
        if let Some(peer) = self.peers.any_joined() {
            self.ask_for_peers(peer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        driver::state::testing::driver,
        peers::Direction,
        settings::{Limits, PeerLimits},
    };

    #[tokio::test(start_paused = true)]
    async fn peers_are_searched_at_intervals() {
        let (mut driver, _events) = driver(Limits::default());
        let (now, every) = (Instant::now(), driver.settings.search_every);
        for (at, next) in [(now, now + every), (now + every / 2, now + every), (now + every, now + 2 * every)]
        {
            driver.search(at);
            assert_eq!(driver.next_search, next);
        }
    }

    #[tokio::test]
    async fn peers_are_lacking_below_the_target() {
        let peers = PeerLimits { target: 2, ..PeerLimits::default() };
        let (mut driver, _events) = driver(Limits { peers, ..Limits::default() });
        let mut lacks_after_one_more = || {
            let lacks = driver.lacks_peers();
            let address = "/memory/1".parse().unwrap();
            driver.peers.connected(PeerId::random(), Direction::Inbound, address, Instant::now());
            lacks
        };
        assert_eq!([(); 4].map(|()| lacks_after_one_more()), [true, true, false, false]);
    }
}
