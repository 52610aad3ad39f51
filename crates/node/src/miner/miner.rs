//! Mines one block at a time, from the tip to a committed block.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ledger_core::Address;
use ledger_core::seam::CheckedBlock;
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio_util::sync::CancellationToken;

use super::find::{Finder, FoundProof};
use super::status::MinerStatus;
use super::{Asker, MineError, Progress, Searching, Solved};
use crate::ledger::{ChangeError, Ledger};
use crate::system::clock;

/// Mines one block at a time on all threads. Concurrent callers queue.
#[derive(Debug)]
pub struct Miner {
    pub(super) ledger: Ledger,
    finder: Finder,
    /// Held while mining. Keeps the last proof until its block is written, so that a failed write does not repeat
    /// the search.
    permit: Mutex<Option<FoundProof>>,
    status: Arc<MinerStatus>,
    stop: CancellationToken,
}

impl Miner {
    /// Creates a miner that pays its rewards to `address`. Cancelling `stop` ends the search, and no other one
    /// starts.
    pub fn new(ledger: Ledger, address: Address, searching: Searching, stop: CancellationToken) -> Self {
        let status = Arc::<MinerStatus>::default();
        let finder = Finder {
            ledger: ledger.clone(),
            address,
            searching,
            status: Arc::clone(&status),
            stop: stop.clone(),
        };
        Self { ledger, finder, permit: Mutex::default(), status, stop }
    }

    /// Progress of the current search, if there is one.
    pub fn progress(&self) -> Option<Progress> {
        self.status.progress()
    }

    /// Watches whether a search runs.
    pub fn is_mining(&self) -> watch::Receiver<bool> {
        self.status.is_mining()
    }

    /// The last block mined since the start, and its proof.
    pub fn last(&self) -> Option<Arc<Solved>> {
        self.status.last()
    }

    /// Proofs tried since the start, by all searches.
    pub fn tries(&self) -> u64 {
        self.status.tries().load(Ordering::Relaxed)
    }

    /// Number of callers in the queue.
    pub fn waiting(&self) -> usize {
        self.status.waiting()
    }

    /// Mines one block. The search restarts when the tip moves, and ends when the caller hangs up.
    ///
    /// # Errors
    ///
    /// [`MineError`]; chain and pool are unchanged.
    pub async fn mine(&self, asker: Asker) -> Result<Arc<CheckedBlock<'static>>, MineError> {
        let mut permit = self.permit(asker).await;
        loop {
            if self.stop.is_cancelled() {
                return Err(ChangeError::Stopped.into());
            }
            self.ledger.check_takes_changes()?;
            *permit = self.finder.find(permit.take(), asker).await?;
            let Some(FoundProof { draft, proof, spent }) = permit.clone() else { continue };
            if let Some(block) = self.ledger.seal(draft.clone(), proof, clock::now()).await? {
                let solved = Solved::new(&block, (draft.work(), proof), spent);
                tracing::info!("mined {solved}");
                self.status.solved(solved);
                return Ok(block);
            }
        }
    }

    /// Waits in the queue.
    async fn permit(&self, asker: Asker) -> MutexGuard<'_, Option<FoundProof>> {
        if let Ok(permit) = self.permit.try_lock() {
            return permit;
        }
        let _waiting = self.status.wait(asker);
        self.permit.lock().await
    }
}

#[cfg(test)]
mod tests;
