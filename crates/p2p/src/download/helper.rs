//! The peers that a download asks, and how fast each one is.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use libp2p::PeerId;
use tokio::time::Instant;

use crate::rate::{Bucket, Rate};

/// How often others may be faster than a peer before the download drops it.
const STRIKES: u32 = 3;

/// The peers that a download asks.
#[derive(Debug, Default)]
pub(super) struct Helpers {
    all: BTreeMap<PeerId, Helper>,
    /// The dropped ones.
    gone: BTreeSet<PeerId>,
    /// How long an answer usually takes.
    usual: Option<Duration>,
}

#[derive(Debug, Default)]
struct Helper {
    /// Requests that it has not answered.
    open: usize,
    /// How long its answers usually take.
    usual: Option<Duration>,
    /// When it may be asked again.
    rests_until: Option<Instant>,
    strikes: u32,
    /// How many requests it may get now.
    pace: Option<Bucket>,
}

impl Helpers {
    /// Adds a peer, unless it was given up before.
    pub(super) fn add(&mut self, peer: PeerId) {
        if !self.gone.contains(&peer) {
            self.all.entry(peer).or_default();
        }
    }

    /// Gives a peer up. Returns whether it was there.
    pub(super) fn remove(&mut self, peer: &PeerId) -> bool {
        self.gone.insert(*peer);
        self.all.remove(peer).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &PeerId> {
        self.all.keys()
    }

    /// The best peer to ask now: with the fewest open requests, then the fastest.
    pub(super) fn pick(&self, now: Instant, most_open: usize, except: &[PeerId]) -> Option<PeerId> {
        let is_free = |(peer, helper): &(&PeerId, &Helper)| {
            helper.open < most_open
                && helper.rests_until.is_none_or(|until| until <= now)
                && !except.contains(peer)
        };
        let cost = |(_, helper): &(&PeerId, &Helper)| (helper.open, helper.usual);
        self.all.iter().filter(is_free).min_by_key(cost).map(|(peer, _)| *peer)
    }

    /// Notes a request. A peer that got as many as `rate` allows rests until it allows one more.
    pub(super) fn asked(&mut self, peer: &PeerId, rate: Rate, now: Instant) {
        if let Some(helper) = self.all.get_mut(peer) {
            helper.open += 1;
            let pace = helper.pace.get_or_insert_with(|| Bucket::full(rate, now));
            pace.take(rate, 1.0, now);
            let wait = pace.wait(rate, 1.0);
            if !wait.is_zero() {
                helper.rests_until = helper.rests_until.max(Some(now + wait));
            }
        }
    }

    pub(super) fn answered(&mut self, peer: &PeerId) {
        if let Some(helper) = self.all.get_mut(peer) {
            helper.open = helper.open.saturating_sub(1);
        }
    }

    /// Records how long a useful answer took.
    pub(super) fn took(&mut self, peer: &PeerId, time: Duration) {
        let mean = |usual: Option<Duration>| Some(usual.map_or(time, |usual| (usual * 7 + time) / 8));
        self.usual = mean(self.usual);
        if let Some(helper) = self.all.get_mut(peer) {
            (helper.usual, helper.strikes) = (mean(helper.usual), 0);
        }
    }

    /// Records that another peer was faster. Returns whether this has happened too often.
    pub(super) fn was_slow(&mut self, peer: &PeerId) -> bool {
        self.all.get_mut(peer).is_some_and(|helper| {
            helper.strikes += 1;
            helper.strikes >= STRIKES
        })
    }

    pub(super) fn rest(&mut self, peer: &PeerId, until: Instant) {
        if let Some(helper) = self.all.get_mut(peer) {
            helper.rests_until = Some(until);
        }
    }

    /// How long to wait for an answer before a second peer is asked.
    pub(super) fn patience(&self, least: Duration) -> Duration {
        self.usual.map_or(least, |usual| least.max(usual * 4))
    }

    /// When the next resting peer may be asked again.
    pub(super) fn next_end_of_rest(&self, now: Instant) -> Option<Instant> {
        self.all.values().filter_map(|helper| helper.rests_until).filter(|&until| until > now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::new(10.0, 100.0);

    fn helpers<const N: usize>() -> (Helpers, [PeerId; N]) {
        let (mut helpers, peers) = (Helpers::default(), [(); N].map(|()| PeerId::random()));
        peers.iter().for_each(|&peer| helpers.add(peer));
        (helpers, peers)
    }

    #[test]
    fn peer_with_fewest_open_requests_is_picked_then_the_fastest() {
        let (mut helpers, [slow, fast, busy]) = helpers();
        let now = Instant::now();
        helpers.took(&slow, Duration::from_secs(2));
        helpers.took(&fast, Duration::from_secs(1));
        helpers.asked(&busy, RATE, now);
        assert_eq!(helpers.pick(now, 2, &[]), Some(fast));
        assert_eq!(helpers.pick(now, 2, &[fast]), Some(slow));
        assert_eq!(helpers.pick(now, 2, &[fast, slow]), Some(busy));
        assert_eq!(helpers.pick(now, 1, &[fast, slow]), None, "no more may be open");
        helpers.answered(&busy);
        assert_eq!(helpers.pick(now, 1, &[fast, slow]), Some(busy));
    }

    #[test]
    fn resting_peer_is_picked_when_its_rest_ends() {
        let (mut helpers, [peer]) = helpers();
        let (now, rest) = (Instant::now(), Duration::from_millis(250));
        helpers.rest(&peer, now + rest);
        assert_eq!(helpers.next_end_of_rest(now), Some(now + rest));
        assert_eq!(helpers.pick(now + rest - Duration::from_nanos(1), 1, &[]), None);
        assert_eq!(helpers.pick(now + rest, 1, &[]), Some(peer));
        assert_eq!(helpers.next_end_of_rest(now + rest), None);
    }

    #[test]
    fn peer_is_dropped_after_others_were_faster_three_times_in_a_row() {
        let (mut helpers, [peer]) = helpers();
        let was_slow = |helpers: &mut Helpers| helpers.was_slow(&peer);
        assert_eq!([(); 2].map(|()| was_slow(&mut helpers)), [false, false]);
        helpers.took(&peer, Duration::from_secs(1));
        assert_eq!([(); 3].map(|()| was_slow(&mut helpers)), [false, false, true]);
    }

    #[test]
    fn usual_time_is_a_moving_average() {
        let (mut helpers, [peer]) = helpers();
        let least = Duration::from_secs(1);
        assert_eq!(helpers.patience(least), least);
        helpers.took(&peer, Duration::from_secs(8));
        assert_eq!(helpers.patience(least), Duration::from_secs(32));
        helpers.took(&peer, Duration::from_secs(16));
        assert_eq!(helpers.patience(least), Duration::from_secs(36));
        assert_eq!(helpers.all[&peer].usual, Some(Duration::from_secs(9)));
    }
}
