use std::time::{Duration, SystemTime, UNIX_EPOCH};

use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use super::{
    info::{Direction, PeerInfo},
    score::Score,
    slowness::Slowness,
};
use crate::{
    known_peer::KnownPeer,
    rate::{Bucket, Rate},
    wire::Status,
};

/// How often a peer may tell who it is. It does so when it connects, and when one of its addresses changes.
pub(super) const IDENTIFICATIONS: Rate = Rate::new(0.2, 20.0);

/// The source of a peer's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The peer itself, the owner, or an earlier run.
    Direct,
    /// Another peer. It can name only a limited number of peers.
    Peer(PeerId),
    /// mDNS. The local network as a whole can name only a limited number of peers.
    LocalNetwork,
}

/// A connection, or two of them: both sides may dial at the same moment.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) direction: Direction,
    pub(super) address: Multiaddr,
    pub(super) since: Instant,
    /// Whether the peer has told that it is of our network.
    pub(super) joined: bool,
    /// How often it may still tell who it is.
    pub(super) identifications: Bucket,
}

/// Everything about one peer.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) source: Source,
    pub(super) addresses: Vec<Multiaddr>,
    pub(super) connection: Option<Connection>,
    pub(super) agent: Option<String>,
    pub(super) status: Option<Status>,
    pub(super) score: Score,
    pub(super) slowness: Slowness,
    pub(super) banned_until: Option<Instant>,
    pub(super) bans: u32,
    pub(super) failures: u32,
    /// Do not dial it before this time.
    pub(super) not_before: Instant,
    /// Whether this node has ever reached it by its address.
    pub(super) reached: bool,
    pub(super) last_seen: Option<u64>,
    pub(super) last_error: Option<String>,
}

impl Record {
    pub(super) fn new(source: Source, now: Instant) -> Self {
        Self {
            source,
            addresses: Vec::new(),
            connection: None,
            agent: None,
            status: None,
            score: Score::new(now),
            slowness: Slowness::new(now),
            banned_until: None,
            bans: 0,
            failures: 0,
            not_before: now,
            reached: false,
            last_seen: None,
            last_error: None,
        }
    }

    pub(super) fn of_known(known: &KnownPeer, now: Instant) -> Self {
        let left =
            known.banned_until.and_then(|until| until.checked_sub(unix_seconds())).filter(|&left| left > 0);
        Self {
            reached: known.reached,
            last_seen: known.last_seen,
            failures: known.failures,
            // A wrong clock may have made a ban endless. It ends after a week.
            banned_until: left.map(|left| now + Duration::from_secs(left.min(7 * 24 * 3600))),
            ..Self::new(Source::Direct, now)
        }
    }

    /// Remembers an address, and forgets the oldest of too many. Returns whether it is new.
    pub(super) fn add_address(&mut self, address: Multiaddr, most: usize) -> bool {
        if self.addresses.contains(&address) {
            return false;
        }
        self.addresses.insert(0, address);
        self.addresses.truncate(most);
        true
    }

    pub(super) fn is_banned(&self, now: Instant) -> bool {
        self.banned_until.is_some_and(|until| until > now)
    }

    pub(super) fn info(&self, id: PeerId, now: Instant) -> PeerInfo {
        let connected = self.connection.as_ref();
        PeerInfo {
            id,
            address: connected.map(|connection| &connection.address).or(self.addresses.first()).cloned(),
            direction: connected.map(|connection| connection.direction),
            agent: self.agent.clone(),
            status: self.status.clone(),
            score: self.score.value(now).min(self.slowness.value(now)),
            banned_seconds: self
                .banned_until
                .and_then(|until| until.checked_duration_since(now))
                .map(|left| left.as_secs()),
            last_seen: self.last_seen,
            failures: self.failures,
            last_error: self.last_error.clone(),
        }
    }

    pub(super) fn known(&self, id: PeerId, now: Instant) -> KnownPeer {
        let left = self.banned_until.and_then(|until| until.checked_duration_since(now));
        KnownPeer {
            id,
            addresses: self.addresses.clone(),
            reached: self.reached,
            last_seen: self.last_seen,
            failures: self.failures,
            banned_until: left.map(|left| unix_seconds() + left.as_secs()),
        }
    }
}

/// The clock's seconds since 1970, or 0 before.
pub(super) fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(banned_until: Option<u64>) -> KnownPeer {
        let id = PeerId::random();
        KnownPeer { id, addresses: vec![], reached: true, last_seen: Some(5), failures: 3, banned_until }
    }

    #[test]
    fn peer_of_an_earlier_run_is_as_it_was() {
        let now = Instant::now();
        for banned_until in [None, Some(unix_seconds() + 1_000)] {
            let peer = known(banned_until);
            let again = Record::of_known(&peer, now).known(peer.id, now);
            let late = again.banned_until.unwrap_or(0).abs_diff(banned_until.unwrap_or(0));
            assert!(late <= 2, "{late} s");
            assert_eq!(again, KnownPeer { banned_until: again.banned_until, ..peer });
        }
    }

    #[test]
    fn ban_of_an_earlier_run_ends_after_a_week_at_most() {
        let now = Instant::now();
        let seconds =
            |until| Record::of_known(&known(Some(until)), now).info(PeerId::random(), now).banned_seconds;
        assert_eq!(seconds(u64::MAX), Some(7 * 86_400));
        assert!(unix_seconds() > 1_700_000_000, "since 1970");
        assert_eq!([unix_seconds(), unix_seconds() - 1, 0].map(seconds), [None; 3], "they are over");
    }
}
