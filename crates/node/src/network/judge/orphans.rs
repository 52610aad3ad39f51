//! Blocks that wait for their parent: how many, and how long.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use p2p::PeerId;
use tokio::time::{Instant, timeout_at};

use crate::events::{Heard, Listener};

/// The most blocks that wait: half of those judged at a time, so that the others need not wait for them.
const MAX_WAITING: usize = 16;

/// The most blocks of one peer that wait.
const MAX_PER_PEER: usize = 4;

/// How long a block waits. A much later verdict would relay nothing, and the sync fetches the peer's chain anyway.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many blocks of each peer wait. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Orphans(Arc<Mutex<HashMap<PeerId, usize>>>);

/// A block that waits. Dropping it makes room for another one.
pub(super) struct Orphan {
    peer: PeerId,
    waiting: Orphans,
    changes: Listener,
    until: Instant,
}

impl Orphans {
    /// Counts a block of a peer that waits; `None` if too many do. `changes` must listen since before the parent was missed.
    pub(super) fn add(&self, peer: PeerId, changes: Listener) -> Option<Orphan> {
        let mut waiting = self.lock();
        if waiting.values().sum::<usize>() >= MAX_WAITING {
            return None;
        }
        let of_peer = waiting.entry(peer).or_insert(0);
        if *of_peer >= MAX_PER_PEER {
            return None;
        }
        *of_peer += 1;
        Some(Orphan { peer, waiting: self.clone(), changes, until: Instant::now() + PATIENCE })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PeerId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Orphan {
    /// Waits until our chain changes. Returns false if it does not in time, or the node stops.
    pub(super) async fn chain_changes(&mut self) -> bool {
        timeout_at(self.until, self.changes.next()).await.is_ok_and(|heard| heard != Heard::Ended)
    }
}

impl Drop for Orphan {
    fn drop(&mut self) {
        let mut waiting = self.waiting.lock();
        if let Some(of_peer) = waiting.get_mut(&self.peer) {
            *of_peer -= 1;
            if *of_peer == 0 {
                waiting.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{ledger, seal};

    #[tokio::test]
    async fn places_are_bounded_for_each_peer_and_in_total() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let orphans = Orphans::default();
        let add = |peer| orphans.add(peer, ledger.listen_to_chain());
        let peers: Vec<PeerId> = (0..5).map(|_| PeerId::random()).collect();
        let mut waiting = Vec::new();
        for &peer in &peers[..4] {
            waiting.extend((0..MAX_PER_PEER).map(|_| add(peer).unwrap()));
            assert!(add(peer).is_none());
        }
        assert!(add(peers[4]).is_none(), "all places are taken");
        waiting.pop();
        assert!(add(peers[4]).is_some() && add(peers[3]).is_some());
        drop(waiting);
        assert!(orphans.lock().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn orphan_waits_for_changes_for_a_limited_time() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let mut orphan = Orphans::default().add(PeerId::random(), ledger.listen_to_chain()).unwrap();
        let (begin, sealing) = (Instant::now(), ledger.clone());
        std::thread::spawn(move || seal(&sealing)).join().unwrap();
        assert!(orphan.chain_changes().await);
        assert!(!orphan.chain_changes().await);
        assert_eq!(begin.elapsed().as_secs(), PATIENCE.as_secs());
    }
}
