//! Finding the proof of the block after the tip, as long as it is the tip.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ledger_core::{Search, Tip};

use super::progress::Attempt;
use super::search::{Job, Searching};
use super::watch::Watch;
use super::{Asker, MineError};
use crate::ledger::Ledger;

/// A proof that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The block that it follows.
    pub(super) after: Tip,
    pub(super) proof: u64,
    /// How many proofs were tried, and for how long.
    pub(super) spent: (u64, Duration),
}

/// Finds proofs. What it is at can be seen.
#[derive(Debug)]
pub(super) struct Finder {
    pub(super) ledger: Ledger,
    pub(super) searching: Searching,
    pub(super) watch: Arc<Watch>,
    pub(super) stopping: Arc<AtomicBool>,
}

impl Finder {
    /// Searches for the proof of the block after this one; none if the search is to start over.
    pub(super) async fn find(&self, after: Tip, asker: Asker) -> Result<Option<Found>, MineError> {
        let index = after.height.next().get();
        let attempt = Arc::new(Attempt::new(index, self.ledger.rules().difficulty(), asker));
        match self.search(after, &attempt).await? {
            Search::Found(proof) => Ok(Some(Found { after, proof, spent: attempt.spent() })),
            Search::Exhausted => Err(MineError::NoProof),
            Search::Stopped(_) => Ok(None),
        }
    }

    async fn search(&self, after: Tip, attempt: &Arc<Attempt>) -> Result<Search, MineError> {
        let abandoned = StopOnDrop(Arc::default());
        let (ledger, stopping, gone) =
            (self.ledger.clone(), Arc::clone(&self.stopping), Arc::clone(&abandoned.0));
        let stop =
            move || gone.load(Ordering::Relaxed) || stopping.load(Ordering::Relaxed) || ledger.tip() != after;
        let (puzzle, searching) = (after.puzzle(self.ledger.rules()), self.searching);
        let shown = self.watch.show(Arc::clone(attempt));
        let (attempt, left) = (Arc::clone(attempt), Arc::clone(&abandoned.0));
        let search = move || {
            let _shown = shown;
            let found = Job { puzzle, searching, attempt: &attempt, stop }.run();
            if left.load(Ordering::Relaxed) {
                attempt.log_given_up();
            }
            found
        };
        tokio::task::spawn_blocking(search).await.map_err(|_| MineError::Failed)
    }
}

/// Tells a search that nobody waits for it.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
