//! Mining: from the tip to a new block, away from the threads that answer requests.
//!
//! - `search`, `progress`: the search for a proof, and how far it is
//! - `solved`: what it found
//! - `watch`: what of it can be seen from outside
//! - `asker`: for whom
//! - `automatic`: mining without being asked

mod asker;
mod automatic;
mod progress;
mod search;
mod solved;
mod watch;

pub use asker::Asker;
pub use automatic::Automatic;
pub use progress::Progress;
pub use solved::Solved;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ledger_core::{Amount, EncodedBlock, Engine, Search, Tip};
use tokio::sync::{Mutex, MutexGuard};

use crate::clock;
use crate::ledger::{Ledger, Refused, Sealing};
use progress::Attempt;
use search::Job;
use watch::Watch;

/// Mines one block at a time, each with all threads; who asks meanwhile waits for his turn.
#[derive(Debug)]
pub struct Miner {
    ledger: Ledger,
    address: String,
    reward: Amount,
    searching: Searching,
    /// Whose turn it is, and the last proof that was found: the same again as long as the block is not written.
    turn: Mutex<Option<Found>>,
    watch: Arc<Watch>,
    stopping: Arc<AtomicBool>,
}

/// How proofs are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searching {
    /// On how many threads.
    pub threads: usize,
    /// With which instructions.
    pub engine: Engine,
}

/// A proof that was found.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// The block that it follows.
    after: Tip,
    proof: u64,
    /// How many proofs were tried, and for how long.
    spent: (u64, Duration),
}

/// Why no block was mined.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MineError {
    /// The ledger did not take the block.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No 64-bit number solves the puzzle.
    #[error("no proof solves the puzzle of the last block at this difficulty")]
    NoProof,
    /// The search was lost, which is a fault of ours.
    #[error("the search for a proof failed")]
    Failed,
}

impl Miner {
    /// A miner that pays its rewards to `address`.
    pub fn new(ledger: Ledger, address: String, reward: Amount, searching: Searching) -> Self {
        let (turn, watch, stopping) = (Mutex::default(), Arc::default(), Arc::default());
        Self { ledger, address, reward, searching, turn, watch, stopping }
    }

    /// How far the search is that runs; none if nothing is mined.
    pub fn progress(&self) -> Option<Progress> {
        self.watch.progress()
    }

    /// The block that was mined last since the start, and its proof.
    pub fn last(&self) -> Option<Arc<Solved>> {
        self.watch.last()
    }

    /// How many wait for their turn.
    pub fn waiting(&self) -> usize {
        self.watch.waiting()
    }

    /// Mines one block. The search starts over when the tip moves, and ends when the answer is not waited for any more.
    ///
    /// # Errors
    ///
    /// [`MineError`]; chain and pool are as they were.
    pub async fn mine(&self, asker: Asker) -> Result<Arc<EncodedBlock>, MineError> {
        let mut turn = self.turn(asker).await;
        loop {
            if self.stopping.load(Ordering::Relaxed) {
                return Err(Refused::Stopped.into());
            }
            self.ledger.check_takes_changes()?;
            let after = self.ledger.tip();
            if turn.as_ref().is_none_or(|found| found.after != after) {
                *turn = self.find(after, asker).await?;
            }
            let Some(Found { proof, spent, .. }) = *turn else { continue };
            let (miner, reward) = (self.address.clone(), self.reward.clone());
            let sealing = Sealing { after, proof, timestamp: clock::now(), miner, reward };
            if let Some(block) = self.ledger.seal(sealing).await? {
                let solved = Solved::new(&block, self.ledger.rules(), after, spent);
                tracing::info!("mined {solved}");
                self.watch.solved(solved);
                return Ok(block);
            }
        }
    }

    /// Ends what is being searched and begins nothing new.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Waits until nobody else mines.
    async fn turn(&self, asker: Asker) -> MutexGuard<'_, Option<Found>> {
        if let Ok(turn) = self.turn.try_lock() {
            return turn;
        }
        let _waiting = self.watch.wait(asker);
        self.turn.lock().await
    }

    /// Searches for the proof of the block after this one; none if the search is to start over.
    async fn find(&self, after: Tip, asker: Asker) -> Result<Option<Found>, MineError> {
        let index = after.index.saturating_add(1);
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

#[cfg(test)]
mod tests;
