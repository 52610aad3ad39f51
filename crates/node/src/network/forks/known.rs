//! The fork points that are known.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_core::BlockHash;
use p2p::{Network, PeerId};

use super::locate::{Fork, locate};
use crate::ledger::Ledger;
use crate::store::{StoreError, blocks};
use crate::system::threads::blocking;

/// How long a peer that did not answer is left alone.
const REST: Duration = Duration::from_secs(10);

/// The most peers that are remembered.
const MAX_PEERS: usize = 1_000;

/// The fork points that are known.
#[derive(Clone, Debug, Default)]
pub(in crate::network) struct Forks(Arc<Mutex<HashMap<PeerId, Known>>>);

#[derive(Clone, Copy, Debug)]
struct Known {
    /// The peer's tip.
    tip: BlockHash,
    /// `None` until the peer has answered.
    fork: Option<Fork>,
    asked: Instant,
}

impl Known {
    fn new(tip: BlockHash, fork: Option<Fork>) -> Self {
        Self { tip, fork, asked: Instant::now() }
    }

    /// Whether it says all that there is to know now about a peer with this tip.
    fn is_of(&self, tip: BlockHash) -> bool {
        self.tip == tip && (self.fork.is_some() || self.asked.elapsed() < REST)
    }
}

impl Forks {
    /// The heights of the last blocks that our chain shares with those of peers, 0 if they share none. A peer whose fork point
    /// is not known is asked, and missing in this answer.
    pub(in crate::network) async fn of(
        &self,
        network: &Network,
        ledger: &Ledger,
        tips: Vec<(PeerId, BlockHash)>,
    ) -> HashMap<PeerId, u64> {
        self.forget_replaced(ledger).await;
        let mut heights = HashMap::new();
        for (peer, tip) in tips {
            // Copied, so that the lock is free again.
            let known = self.all().get(&peer).copied().filter(|known| known.is_of(tip));
            match known {
                Some(known) => heights.extend(known.fork.map(|fork| (peer, fork.height))),
                None => self.ask(network, ledger, peer, tip),
            }
        }
        heights
    }

    /// Forgets fork points that a reorg has taken from our chain.
    async fn forget_replaced(&self, ledger: &Ledger) {
        let (known, ledger): (Vec<_>, _) =
            (self.all().iter().map(|(peer, known)| (*peer, *known)).collect(), ledger.clone());
        let replaced = blocking("checking fork points", move || {
            ledger.readers().snapshot_for_client(|snapshot| {
                let mut replaced = Vec::new();
                for (peer, known) in known {
                    if let Some(Fork { height, hash: Some(hash) }) = known.fork
                        && blocks::hash_at(snapshot, height)? != Some(hash)
                    {
                        replaced.push(peer);
                    }
                }
                Ok::<_, StoreError>(replaced)
            })
        });
        // A database that cannot be read says so elsewhere.
        let Ok(Ok(replaced)) = replaced.await else { return };
        self.all().retain(|peer, _| !replaced.contains(peer));
    }

    /// Asks a peer, and remembers the answer.
    fn ask(&self, network: &Network, ledger: &Ledger, peer: PeerId, tip: BlockHash) {
        self.note(peer, Known::new(tip, None));
        let (forks, network, ledger) = (self.clone(), network.clone(), ledger.clone());
        actix_web::rt::spawn(async move {
            if let Some(fork) = locate(&network, &ledger, peer).await {
                forks.note(peer, Known::new(tip, Some(fork)));
            }
        });
    }

    fn note(&self, peer: PeerId, known: Known) {
        let mut all = self.all();
        if all.len() >= MAX_PEERS && !all.contains_key(&peer) {
            all.clear();
        }
        all.insert(peer, known);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<PeerId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
