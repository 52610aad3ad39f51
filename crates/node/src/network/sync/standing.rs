//! The peers' tips, and which peer to sync with next.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ledger_core::Tip;
use ledger_core::seam::RuleSet;
use p2p::{PeerId, Status};

use crate::network::tips::tip_of;

/// The wait after a peer's first failure. It doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The least time between two requests to a peer because of its blocks.
const PAUSE: Duration = Duration::from_millis(100);

/// The wait after a peer's chain did not win.
const REST: Duration = Duration::from_millis(200);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// The tips that connected peers reported.
#[derive(Debug, Default)]
pub(super) struct Standings(HashMap<PeerId, Standing>);

#[derive(Debug)]
struct Standing {
    tip: Option<Tip>,
    /// Whether it had our chain once, and no sync with it has failed since. Any peer can claim a heavy chain.
    is_proven: bool,
    failures: u32,
    /// When it may be asked again after a failure.
    not_before: Instant,
    /// When its tip counts again after it was asked in vain.
    rests_until: Instant,
    /// When it may be asked again because of one of its blocks.
    next_ask: Instant,
}

impl Standing {
    fn new(now: Instant) -> Self {
        Self { tip: None, is_proven: false, failures: 0, not_before: now, rests_until: now, next_ask: now }
    }

    fn free_at(&self) -> Instant {
        self.not_before.max(self.rests_until)
    }
}

impl Standings {
    /// Records a peer's tip.
    pub(super) fn note(&mut self, peer: PeerId, status: &Status, ours: &Tip, now: Instant) {
        let standing = self.entry(&peer, now);
        standing.tip = tip_of(status);
        standing.is_proven |= standing.tip == Some(*ours);
    }

    /// Forgets a disconnected peer.
    pub(super) fn forget(&mut self, peer: &PeerId) {
        self.0.remove(peer);
    }

    /// Forgets the peers that are not connected.
    pub(super) fn retain(&mut self, is_connected: impl Fn(&PeerId) -> bool) {
        self.0.retain(|peer, _| is_connected(peer));
    }

    /// The peer with the best chain of those that win over ours and need not wait. Peers that are asked already do not count.
    ///
    /// Those that had our chain come first, so a crowd that claims heavier chains and stalls does not keep us from theirs.
    pub(super) fn best(
        &self,
        rules: &dyn RuleSet,
        ours: &Tip,
        now: Instant,
        is_asked: impl Fn(&PeerId) -> bool,
    ) -> Option<PeerId> {
        let free = self.0.iter().filter(|(peer, standing)| standing.free_at() <= now && !is_asked(peer));
        let tips = free.filter_map(|(peer, standing)| Some((*peer, standing.tip?, standing.is_proven)));
        let winning = tips.filter(|(_, tip, _)| rules.wins(tip, ours));
        winning.max_by_key(|(_, tip, is_proven)| (*is_proven, tip.weight)).map(|(peer, ..)| peer)
    }

    /// Whether a peer that sent a block may be asked for the blocks before it: it has not failed, and was not asked just now.
    pub(super) fn may_ask(&self, peer: &PeerId, now: Instant) -> bool {
        self.0.get(peer).is_none_or(|standing| standing.not_before.max(standing.next_ask) <= now)
    }

    /// Records that a peer is asked because of one of its blocks.
    pub(super) fn asked(&mut self, peer: &PeerId, now: Instant) {
        self.entry(peer, now).next_ask = now + PAUSE;
    }

    /// Other peers that have the chain with this tip.
    pub(super) fn others_with(&self, tip: &Tip, except: PeerId) -> Vec<PeerId> {
        let has = |(peer, standing): &(&PeerId, &Standing)| {
            **peer != except && standing.tip.is_some_and(|its| its.hash == tip.hash)
        };
        self.0.iter().filter(has).map(|(peer, _)| *peer).collect()
    }

    /// When a peer whose chain wins over ours may be asked. Peers that are asked already do not count.
    pub(super) fn next(
        &self,
        rules: &dyn RuleSet,
        ours: &Tip,
        is_asked: impl Fn(&PeerId) -> bool,
    ) -> Option<Instant> {
        let wins = |standing: &Standing| standing.tip.is_some_and(|tip| rules.wins(&tip, ours));
        let free = self.0.iter().filter(|(peer, standing)| !is_asked(peer) && wins(standing));
        free.map(|(_, standing)| standing.free_at()).min()
    }

    /// Records that a sync with a peer succeeded.
    pub(super) fn succeeded(&mut self, peer: &PeerId) {
        if let Some(standing) = self.0.get_mut(peer) {
            standing.failures = 0;
        }
    }

    /// Records that a peer was asked in vain: its chain does not win over ours. Its tip does not count for a moment, so that it
    /// cannot cause requests without end by claiming other tips.
    pub(super) fn did_not_win(&mut self, peer: &PeerId, now: Instant) {
        if let Some(standing) = self.0.get_mut(peer) {
            standing.rests_until = now + REST;
        }
    }

    /// Records that a sync with a peer failed: others come first for a while.
    pub(super) fn failed(&mut self, peer: &PeerId, now: Instant) {
        let standing = self.entry(peer, now);
        let wait = FIRST_WAIT.saturating_mul(1 << standing.failures.min(16)).min(LONGEST_WAIT);
        standing.failures += 1;
        standing.is_proven = false;
        standing.not_before = now + wait;
    }

    /// The standing of a peer, also of one that has not reported its tip.
    fn entry(&mut self, peer: &PeerId, now: Instant) -> &mut Standing {
        self.0.entry(*peer).or_insert_with(|| Standing::new(now))
    }
}

#[cfg(test)]
mod tests;
