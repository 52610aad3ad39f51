//! Asks peers what their chains have after ours.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use p2p::{AskError, Branch, Locator, Network, PeerId};
use tokio::time::timeout;

use super::error::SyncError;
use crate::ledger::Ledger;
use crate::network::tips::id_of;
use crate::store::{StoreError, blocks};
use crate::system::threads::blocking;

/// Peers asked at a time.
const MOST: usize = 4;

/// How long one peer may take before another one is asked.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long one peer may take at all.
const LONGEST: Duration = Duration::from_secs(5);

/// Bytes of blocks in an answer: enough for a short gap, and few enough for a slow line. The download asks for the rest.
const BYTES: u32 = 128 << 10;

/// A peer's answer.
pub(super) type Answer = (PeerId, Result<Branch, SyncError>);

/// The peers that are asked what their chains have after ours: a few, each once at a time.
pub(super) struct Branches {
    ledger: Ledger,
    network: Network,
    /// The peers that are asked, and since when.
    open: HashMap<PeerId, Instant>,
    asking: FuturesUnordered<BoxFuture<'static, Answer>>,
}

impl Branches {
    pub(super) fn new(ledger: Ledger, network: Network) -> Self {
        Self { ledger, network, open: HashMap::new(), asking: FuturesUnordered::new() }
    }

    /// Asks a peer, unless it is being asked already or too many are.
    pub(super) fn ask(&mut self, peer: PeerId, now: Instant) {
        if self.open.len() < MOST && !self.open.contains_key(&peer) {
            self.open.insert(peer, now);
            let (ledger, network) = (self.ledger.clone(), self.network.clone());
            self.asking.push(async move { (peer, branch(ledger, network, peer).await) }.boxed());
        }
    }

    /// Whether a peer is being asked.
    pub(super) fn is_asking(&self, peer: &PeerId) -> bool {
        self.open.contains_key(peer)
    }

    /// The next answer; `None` if nobody is asked. Cancel-safe.
    pub(super) async fn next(&mut self) -> Option<Answer> {
        let answer = self.asking.next().await?;
        self.open.remove(&answer.0);
        Some(answer)
    }

    /// When another peer may be asked, too; `None` if it may be asked now.
    pub(super) fn busy_until(&self, now: Instant) -> Option<Instant> {
        let last = self.open.values().max().map(|since| *since + PATIENCE);
        last.filter(|until| *until > now)
    }

    /// Whether no more peers are asked until one answers.
    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= MOST
    }
}

async fn branch(ledger: Ledger, network: Network, peer: PeerId) -> Result<Branch, SyncError> {
    let locator = blocking("making a locator", move || locator(&ledger)).await??;
    let answer = timeout(LONGEST, network.branch(peer, locator, BYTES)).await;
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
