use std::{collections::HashMap, time::Duration};

use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use super::{
    backoff::Backoff,
    info::{Direction, PeerInfo},
    record::{Connection, IDENTIFICATIONS, Record, Source, unix_seconds},
    score::Offence,
};
use crate::{known_peer::KnownPeer, printable::printable, rate::Bucket, settings::PeerLimits, wire::Status};

const MAX_ERROR: usize = 200;
const MAX_AGENT: usize = 128;

/// The consequence of an offence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charge {
    Tolerated,
    /// It was too slow.
    Paused(Duration),
    Banned(Duration),
}

/// All peers that this node knows, at most [`PeerLimits::known`].
#[derive(Debug)]
pub(crate) struct PeerTable {
    pub(super) own: PeerId,
    pub(super) limits: PeerLimits,
    backoff: Backoff,
    pub(super) records: HashMap<PeerId, Record>,
}

impl PeerTable {
    pub(crate) fn new(own: PeerId, limits: PeerLimits, backoff: Backoff) -> Self {
        Self { own, limits, backoff, records: HashMap::new() }
    }

    /// Restores the peers of an earlier run.
    pub(crate) fn restore(&mut self, known: &[KnownPeer], now: Instant) {
        for peer in known.iter().filter(|peer| peer.id != self.own).take(self.limits.known) {
            let record = self.records.entry(peer.id).or_insert_with(|| Record::of_known(peer, now));
            for address in peer.addresses.iter().rev() {
                record.add_address(address.clone(), self.limits.addresses);
            }
        }
    }

    /// Adds a peer's address. Returns whether it is new and was added: a full table refuses it, and so does the limit per source.
    pub(crate) fn learn(&mut self, peer: PeerId, address: Multiaddr, source: Source, now: Instant) -> bool {
        let most = self.limits.addresses;
        let is_new = !self.records.contains_key(&peer);
        if peer == self.own || is_new && self.has_named_enough(source) {
            return false;
        }
        let Some(record) = self.entry(peer, source, now) else { return false };
        // Addresses from others do not displace those from the peer itself.
        let full = source != Source::Direct && record.addresses.len() >= most;
        !full && record.add_address(address, most)
    }

    fn has_named_enough(&self, source: Source) -> bool {
        let most = match source {
            Source::Direct => return false,
            Source::Peer(_) => self.limits.per_source,
            Source::LocalNetwork => self.limits.known / 2,
        };
        self.records.values().filter(|record| record.source == source).count() >= most
    }

    /// The record of a peer, a new one if need be. `None` if the table is full of peers that are connected.
    fn entry(&mut self, peer: PeerId, source: Source, now: Instant) -> Option<&mut Record> {
        if self.records.len() >= self.limits.known && !self.records.contains_key(&peer) {
            let out = self.least_useful(now)?;
            self.records.remove(&out);
        }
        Some(self.records.entry(peer).or_insert_with(|| Record::new(source, now)))
    }

    /// The peer to forget first: never reached, not banned, with most failures, and seen longest ago. So a crowd of strangers
    /// displaces only strangers.
    fn least_useful(&self, now: Instant) -> Option<PeerId> {
        let free = self.records.iter().filter(|(_, record)| record.connection.is_none());
        let order = |record: &Record| {
            (record.reached, record.is_banned(now), u32::MAX - record.failures, record.last_seen)
        };
        free.min_by_key(|(_, record)| order(record)).map(|(&peer, _)| peer)
    }

    /// Records an established connection. Of two with the same peer, the first one is kept.
    pub(crate) fn connected(&mut self, peer: PeerId, direction: Direction, address: Multiaddr, now: Instant) {
        if let Some(record) = self.entry(peer, Source::Direct, now) {
            let identifications = Bucket::full(IDENTIFICATIONS, now);
            let new = Connection { direction, address, since: now, joined: false, identifications };
            record.connection.get_or_insert(new);
            record.slowness.end_pause(now);
            record.reached |= direction == Direction::Outbound;
            record.last_seen = Some(unix_seconds());
        }
    }

    /// Whether the peer may tell once more who it is. Takes that from its rate.
    pub(crate) fn take_identification(&mut self, peer: &PeerId, now: Instant) -> bool {
        let connection = self.records.get_mut(peer).and_then(|record| record.connection.as_mut());
        connection.is_some_and(|connection| connection.identifications.take(IDENTIFICATIONS, 1.0, now))
    }

    /// Records that the peer is of our network. Returns its connection's direction if this is news.
    pub(crate) fn joined(&mut self, peer: PeerId, agent: &str) -> Option<Direction> {
        let record = self.records.get_mut(&peer)?;
        record.agent = Some(agent.chars().take(MAX_AGENT).collect());
        let connection = record.connection.as_mut().filter(|connection| !connection.joined)?;
        connection.joined = true;
        (record.failures, record.last_error) = (0, None);
        Some(connection.direction)
    }

    /// Records that the last connection has ended. Returns whether the peer had joined.
    pub(crate) fn disconnected(&mut self, peer: PeerId, now: Instant) -> bool {
        let Some(record) = self.records.get_mut(&peer) else { return false };
        let had_joined = record.connection.take().is_some_and(|connection| connection.joined);
        record.last_seen = Some(unix_seconds());
        record.not_before = record.not_before.max(now + self.backoff.wait(1));
        had_joined
    }

    /// Records that a dial failed.
    pub(crate) fn failed(&mut self, peer: PeerId, why: &str, now: Instant) {
        if let Some(record) = self.records.get_mut(&peer) {
            record.failures = record.failures.saturating_add(1);
            record.not_before = now + self.backoff.wait(record.failures);
            record.last_error = Some(printable(why, MAX_ERROR));
        }
    }

    /// Avoids dialling the peer for this long, such as one of another network.
    pub(crate) fn avoid(&mut self, peer: PeerId, why: &str, time: Duration, now: Instant) {
        if let Some(record) = self.records.get_mut(&peer) {
            record.not_before = record.not_before.max(now + time);
            record.last_error = Some(printable(why, MAX_ERROR));
        }
    }

    /// Charges the peer with an offence.
    pub(crate) fn charge(&mut self, peer: PeerId, offence: Offence, why: &str, now: Instant) -> Charge {
        let (first, longest, pauses) = (self.limits.first_ban, self.limits.longest_ban, self.pauses());
        let Some(record) = self.entry(peer, Source::Direct, now) else { return Charge::Tolerated };
        record.last_error = Some(printable(&format!("{offence}: {why}"), MAX_ERROR));
        if offence == Offence::Stall {
            return record.slowness.charge(pauses, now).map_or(Charge::Tolerated, Charge::Paused);
        }
        if record.is_banned(now) || !record.score.charge(offence, now) {
            return Charge::Tolerated;
        }
        let time = first.saturating_mul(1 << record.bans.min(16)).min(longest);
        record.bans += 1;
        record.banned_until = Some(now + time);
        Charge::Banned(time)
    }

    /// Pauses a peer that is too slow. Returns for how long.
    pub(crate) fn pause(&mut self, peer: PeerId, why: &str, now: Instant) -> Option<Duration> {
        let pauses = self.pauses();
        let record = self.records.get_mut(&peer).filter(|record| !record.slowness.is_paused(now))?;
        record.last_error = Some(printable(&format!("{}: {why}", Offence::Stall), MAX_ERROR));
        Some(record.slowness.pause(pauses, now))
    }

    fn pauses(&self) -> Backoff {
        Backoff { first: self.limits.first_pause, longest: self.limits.longest_pause }
    }

    /// Notes the peer's tip.
    pub(crate) fn set_status(&mut self, peer: PeerId, status: &Status) {
        if let Some(record) = self.records.get_mut(&peer) {
            record.status = Some(status.clone());
        }
    }

    /// Forgets bans that are over.
    pub(crate) fn end_bans(&mut self, now: Instant) {
        for record in self.records.values_mut().filter(|record| !record.is_banned(now)) {
            record.banned_until = None;
        }
    }

    pub(crate) fn infos(&self, now: Instant) -> Vec<PeerInfo> {
        self.records.iter().map(|(&peer, record)| record.info(peer, now)).collect()
    }

    pub(crate) fn known(&self, now: Instant) -> Vec<KnownPeer> {
        self.records.iter().map(|(&peer, record)| record.known(peer, now)).collect()
    }
}
