//! One block at a time, from the tip to a block that is on disk.

use std::sync::Arc;

use ledger_core::{Address, Amount, Block};
use tokio::sync::{Mutex, MutexGuard};
use tokio_util::sync::CancellationToken;

use super::find::{Finder, Found};
use super::watch::Watch;
use super::{Asker, MineError, Progress, Searching, Solved};
use crate::ledger::{ChangeError, Ledger, Sealing};
use crate::system::clock;

/// Mines one block at a time, each with all threads; who asks meanwhile waits for his turn.
#[derive(Debug)]
pub struct Miner {
    pub(super) ledger: Ledger,
    address: Address,
    reward: Amount<'static>,
    finder: Finder,
    /// Whose turn it is, and the last proof that was found: the same again as long as the block is not written.
    turn: Mutex<Option<Found>>,
    watch: Arc<Watch>,
    stop: CancellationToken,
}

impl Miner {
    /// A miner that pays its rewards to `address`. When `stop` is cancelled it ends its search, and begins nothing new.
    pub fn new(
        ledger: Ledger,
        address: Address,
        reward: Amount<'static>,
        searching: Searching,
        stop: CancellationToken,
    ) -> Self {
        let watch = Arc::<Watch>::default();
        let finder =
            Finder { ledger: ledger.clone(), searching, watch: Arc::clone(&watch), stop: stop.clone() };
        Self { ledger, address, reward, finder, turn: Mutex::default(), watch, stop }
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
    pub async fn mine(&self, asker: Asker) -> Result<Arc<Block<'static>>, MineError> {
        let mut turn = self.turn(asker).await;
        loop {
            if self.stop.is_cancelled() {
                return Err(ChangeError::Stopped.into());
            }
            self.ledger.check_takes_changes()?;
            *turn = self.finder.find(*turn, asker).await?;
            let Some(Found { after, proof, spent }) = *turn else { continue };
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

    /// Waits until nobody else mines.
    async fn turn(&self, asker: Asker) -> MutexGuard<'_, Option<Found>> {
        if let Ok(turn) = self.turn.try_lock() {
            return turn;
        }
        let _waiting = self.watch.wait(asker);
        self.turn.lock().await
    }
}

#[cfg(test)]
mod tests;
