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
