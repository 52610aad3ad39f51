//! The known fork points of peers' chains with ours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_core::BlockHash;
use p2p::{Network, PeerId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::locate::{Fork, locate};
use crate::ledger::Ledger;
use crate::store::{StoreError, blocks};
use crate::system::threads::blocking;

/// How long a peer that has answered is left alone, however often its tip changes.
const REST: Duration = Duration::from_secs(1);

/// How long a peer that did not answer is left alone.
const LONG_REST: Duration = Duration::from_secs(10);

/// Peers asked at a time. Leaves most of our open requests for blocks.
const MAX_CONCURRENT: usize = 8;

/// How long all requests to one peer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most peers that are remembered.
const MAX_PEERS: usize = 1_000;

/// The known fork points of peers' chains with ours. Clones share them.
#[derive(Clone, Debug)]
pub(in crate::network) struct Forks {
    known: Arc<Mutex<HashMap<PeerId, Known>>>,
    places: Arc<Semaphore>,
}

impl Default for Forks {
    fn default() -> Self {
        Self { known: Arc::default(), places: Arc::new(Semaphore::new(MAX_CONCURRENT)) }
    }
}

#[derive(Clone, Copy, Debug)]
struct Known {
    /// The peer's tip.
    tip: BlockHash,
    /// `None` until the peer has answered.
    fork: Option<Fork>,
    asked: Instant,
}

impl Known {
    /// The height of the fork point, if it is known for this tip.
    fn height(&self, tip: BlockHash) -> Option<u64> {
        self.fork.filter(|_| self.tip == tip).map(|fork| fork.height)
    }
}

impl Forks {
    /// For each peer, the height of the last block that both chains share; 0 if they share none. A peer whose fork point is
    /// unknown is missing from the result, and is asked for a later call.
    pub(in crate::network) async fn of(
        &self,
        network: &Network,
        ledger: &Ledger,
        tips: Vec<(PeerId, BlockHash)>,
    ) -> HashMap<PeerId, u64> {
        self.forget_replaced(ledger).await;
        let mut heights = HashMap::new();
        for (peer, tip) in tips {
            // Copy, to release the lock: `ask` takes it again.
            let known = self.all().get(&peer).copied();
            match known.and_then(|known| known.height(tip)) {
                Some(height) => drop(heights.insert(peer, height)),
                None => self.ask(network, ledger, peer, tip),
            }
        }
        heights
    }

    /// Forgets fork points that a reorg has taken from our chain.
    async fn forget_replaced(&self, ledger: &Ledger) {
        let known: Vec<_> = self.all().iter().map(|(peer, known)| (*peer, *known)).collect();
        let ledger = ledger.clone();
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
        // A failing database is reported elsewhere.
        let Ok(Ok(replaced)) = replaced.await else { return };
        self.all().retain(|peer, _| !replaced.contains(peer));
    }

    /// Asks a peer, and remembers the answer. Does not ask if the peer was asked just now, or too many are being asked.
    fn ask(&self, network: &Network, ledger: &Ledger, peer: PeerId, tip: BlockHash) {
        let Some(place) = self.begin(peer, tip, Instant::now()) else { return };
        let (forks, network, ledger) = (self.clone(), network.clone(), ledger.clone());
        actix_web::rt::spawn(async move {
            let found = timeout(PATIENCE, locate(&network, &ledger, peer)).await;
            drop(place);
            if let Ok(Some(fork)) = found {
                forks.all().insert(peer, Known { tip, fork: Some(fork), asked: Instant::now() });
            }
        });
    }

    /// A permit to ask a peer. `None` if none is free, or the peer was asked just now.
    fn begin(&self, peer: PeerId, tip: BlockHash, now: Instant) -> Option<OwnedSemaphorePermit> {
        let mut all = self.all();
        let rests = |known: &Known| now < known.asked + if known.fork.is_some() { REST } else { LONG_REST };
        if all.get(&peer).is_some_and(rests) {
            return None;
        }
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        if all.len() >= MAX_PEERS && !all.contains_key(&peer) {
            all.clear();
        }
        all.insert(peer, Known { tip, fork: None, asked: now });
        Some(place)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<PeerId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peer_with_ever_new_tips_is_asked_rarely() {
        let (forks, peer, now) = (Forks::default(), PeerId::random(), Instant::now());
        let begin = |tip: &str, after| forks.begin(peer, BlockHash::of_text(tip), now + after).is_some();
        assert_eq!(["one", "other"].map(|tip| begin(tip, Duration::ZERO)), [true, false]);
        assert!(!begin("third", REST) && begin("third", LONG_REST));
        let (tip, fork) = (BlockHash::of_text("third"), Some(Fork { height: 7, hash: None }));
        forks.all().insert(peer, Known { tip, fork, asked: now });
        assert!(!begin("fourth", REST / 2) && begin("fourth", REST), "it has answered");
    }

    #[test]
    fn peers_asked_at_a_time_are_bounded() {
        let (forks, tip, now) = (Forks::default(), BlockHash::of_text("tip"), Instant::now());
        let begin = || forks.begin(PeerId::random(), tip, now);
        let places: Vec<_> = (0..2 * MAX_CONCURRENT).filter_map(|_| begin()).collect();
        assert_eq!(places.len(), MAX_CONCURRENT);
        drop(places);
        assert!(begin().is_some());
    }

    #[test]
    fn fork_point_is_known_for_one_tip() {
        let (tip, other) = (BlockHash::of_text("tip"), BlockHash::of_text("other"));
        let known = |height: Option<u64>| {
            let fork = height.map(|height| Fork { height, hash: None });
            Known { tip, fork, asked: Instant::now() }
        };
        assert_eq!([known(Some(7)).height(tip), known(Some(7)).height(other)], [Some(7), None]);
        assert_eq!(known(None).height(tip), None);
    }

    #[tokio::test]
    async fn fork_point_that_is_no_longer_ours_is_forgotten() {
        use crate::ledger::testing::ledger;
        let directory = tempfile::tempdir().unwrap();
        let (ledger, forks) = (ledger(&directory), Forks::default());
        let tip = ledger.tip().hash;
        let hashes = [Some(tip), Some(BlockHash::of_text("replaced")), None];
        let peers = hashes.map(|hash| {
            let (peer, fork) = (PeerId::random(), Some(Fork { height: 1, hash }));
            forks.all().insert(peer, Known { tip, fork, asked: Instant::now() });
            peer
        });
        forks.forget_replaced(&ledger).await;
        assert_eq!(peers.map(|peer| forks.all().contains_key(&peer)), [true, false, true]);
    }

    #[test]
    fn remembered_peers_are_bounded() {
        let (forks, tip, now) = (Forks::default(), BlockHash::of_text("tip"), Instant::now());
        let begin = |peer, after| drop(forks.begin(peer, tip, now + after));
        let peers: Vec<_> = (0..MAX_PEERS).map(|_| PeerId::random()).collect();
        peers.iter().for_each(|peer| begin(*peer, Duration::ZERO));
        begin(peers[0], LONG_REST);
        assert_eq!(forks.all().len(), MAX_PEERS, "it was known");
        begin(PeerId::random(), Duration::ZERO);
        assert_eq!(forks.all().len(), 1);
    }
}
