//! Asks peers what their chains have after ours.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use ledger_core::Tip;
use p2p::{AskError, Branch, Locator, Network, PeerId};
use tokio::time::timeout;

use super::error::SyncError;
use crate::ledger::Ledger;
use crate::network::tips::id_of;
use crate::store::{StoreError, blocks};
use crate::system::threads::blocking;

/// Peers asked at a time.
const MAX_CONCURRENT: usize = 4;

/// How many of them are asked because of a block, at most. Any peer can send one, so the rest is for peers with the best chains.
const MAX_FOR_BLOCKS: usize = 2;

/// How long one peer may take before another one is asked.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long one peer may take altogether.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of blocks in an answer: enough for a short gap, and few enough for a slow line. The download asks for the rest.
const BYTES: u32 = 128 << 10;

/// Why a peer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It sent a block above our tip.
    Block,
    /// It claimed a tip that wins over this one of ours.
    WinsOver(Tip),
}

/// A peer's answer.
pub(super) type Answer = (PeerId, Reason, Result<Branch, SyncError>);

/// The peers that are asked what their chains have after ours: a few, each once at a time.
pub(super) struct Branches {
    ledger: Ledger,
    network: Network,
    open: Open,
    asking: FuturesUnordered<BoxFuture<'static, (PeerId, Result<Branch, SyncError>)>>,
}

impl Branches {
    pub(super) fn new(ledger: Ledger, network: Network) -> Self {
        Self { ledger, network, open: Open::default(), asking: FuturesUnordered::new() }
    }

    /// Asks a peer, unless it is being asked already or too many are.
    pub(super) fn ask(&mut self, peer: PeerId, reason: Reason, now: Instant) {
        if self.open.add(peer, reason, now) {
            let (ledger, network) = (self.ledger.clone(), self.network.clone());
            self.asking.push(async move { (peer, branch(ledger, network, peer).await) }.boxed());
        }
    }

    /// Whether a peer is being asked.
    pub(super) fn is_asking(&self, peer: &PeerId) -> bool {
        self.open.peers.contains_key(peer)
    }

    /// The next answer; `None` if nobody is asked. Cancel-safe.
    pub(super) async fn next(&mut self) -> Option<Answer> {
        let (peer, answer) = self.asking.next().await?;
        Some((peer, self.open.remove(&peer)?, answer))
    }

    /// When another peer may be asked, too; `None` if it may be asked now.
    pub(super) fn busy_until(&self, now: Instant) -> Option<Instant> {
        self.open.busy_until.filter(|until| *until > now)
    }

    /// Whether no more peers are asked until one answers.
    pub(super) fn is_full(&self) -> bool {
        self.open.peers.len() >= MAX_CONCURRENT
    }
}

/// The peers that are asked, and why.
#[derive(Default)]
struct Open {
    peers: HashMap<PeerId, Reason>,
    /// When the peer with the best chain may be asked, too. Peers that send block after block do not put it off.
    busy_until: Option<Instant>,
}

impl Open {
    /// Adds a peer. Returns false if it is there already, or there are too many.
    fn add(&mut self, peer: PeerId, reason: Reason, now: Instant) -> bool {
        let for_blocks = self.peers.values().filter(|reason| **reason == Reason::Block).count();
        let is_full =
            self.peers.len() >= MAX_CONCURRENT || reason == Reason::Block && for_blocks >= MAX_FOR_BLOCKS;
        if is_full || self.peers.contains_key(&peer) {
            return false;
        }
        if self.peers.is_empty() || reason != Reason::Block {
            self.busy_until = Some(now + PATIENCE);
        }
        self.peers.insert(peer, reason);
        true
    }

    /// Removes a peer. Returns why it was asked.
    fn remove(&mut self, peer: &PeerId) -> Option<Reason> {
        let reason = self.peers.remove(peer);
        if self.peers.is_empty() {
            self.busy_until = None;
        }
        reason
    }
}

async fn branch(ledger: Ledger, network: Network, peer: PeerId) -> Result<Branch, SyncError> {
    let locator = blocking("making a locator", move || locator(&ledger)).await??;
    let answer = timeout(ANSWER_TIMEOUT, network.branch(peer, locator, BYTES)).await;
    Ok(answer.unwrap_or(Err(AskError::Timeout(peer)))?)
}

/// Hashes of our chain, from the tip down, in strides that double.
fn locator(ledger: &Ledger) -> Result<Locator, StoreError> {
    ledger.readers().snapshot(|snapshot| {
        let tip = blocks::length(snapshot)?;
        let hashes = Locator::heights(tip, 1).map(|height| blocks::hash_at(snapshot, height));
        let hashes: Result<Vec<_>, _> = hashes.collect();
        Ok(Locator::new(hashes?.into_iter().flatten().map(|hash| id_of(&hash))))
    })
}

#[cfg(test)]
mod tests {
    use ledger_core::{BlockHash, Height};

    use super::*;

    #[test]
    fn senders_of_blocks_leave_places_and_time_for_the_best_chain() {
        let (mut open, now) = (Open::default(), Instant::now());
        let peers = [(); 6].map(|()| PeerId::random());
        let tip = Reason::WinsOver(Tip::new(Height::GENESIS, BlockHash::of_text(""), 1.into()));
        assert!(open.add(peers[0], Reason::Block, now) && !open.add(peers[0], Reason::Block, now));
        let later = now + PATIENCE / 2;
        assert!(open.add(peers[1], Reason::Block, later) && !open.add(peers[2], Reason::Block, later));
        assert_eq!(open.busy_until, Some(now + PATIENCE), "the second block puts nothing off");
        assert_eq!(open.remove(&peers[0]), Some(Reason::Block));
        assert!(open.add(peers[2], Reason::Block, later));
        assert_eq!([3, 4, 5].map(|at| open.add(peers[at], tip, later)), [true, true, false]);
        assert_eq!(open.busy_until, Some(later + PATIENCE));
        assert!(peers[1..5].iter().all(|peer| open.remove(peer).is_some()));
        assert_eq!(open.busy_until, None);
    }
}
