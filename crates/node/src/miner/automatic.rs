//! Mining without requests, for demos and classes.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::{Asker, MineError, Miner};
use crate::events::Heard;
use crate::ledger::{ChangeError, Ledger};
use crate::settings::Settings;
use crate::system::causes::with_causes;

/// Pause after a block for payments. Payments that arrive during it share the next block, so that a stream of payments
/// does not become a stream of blocks.
const BLOCK_PAUSE: Duration = Duration::from_secs(1);

/// Longest pause between failed attempts.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Longest interval between blocks: a hundred years. Keeps sums of times from overflowing.
const MAX_INTERVAL: Duration = Duration::from_secs(100 * 365 * 86_400);

/// When the node mines without a request. Never, by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Automatic {
    /// Mine at this interval.
    pub every: Option<Duration>,
    /// Mine when payments are waiting.
    pub when_pending: bool,
}

impl From<&Settings> for Automatic {
    fn from(settings: &Settings) -> Self {
        Self { every: settings.mine_every, when_pending: settings.mine_when_pending }
    }
}

impl Automatic {
    /// Mines until dropped, or until the node stops. Queues for the miner like a client.
    pub async fn run(self, miner: &Miner) {
        if self == Self::default() {
            return;
        }
        tracing::info!("automatic mining: {self}");
        let failures = Failures::default();
        tokio::join!(self.on_time(miner, &failures), self.on_payments(miner, &failures));
    }

    async fn on_time(self, miner: &Miner, failures: &Failures) {
        let Some(every) = self.every.map(|every| every.min(MAX_INTERVAL)) else { return };
        let mut ticks = interval_at(Instant::now() + every, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Attempt::Stopped = attempt(miner, failures).await {
                return;
            }
        }
    }

    async fn on_payments(self, miner: &Miner, failures: &Failures) {
        if !self.when_pending {
            return;
        }
        let mut pause = BLOCK_PAUSE;
        loop {
            until_payments_wait(&miner.ledger).await;
            pause = match attempt(miner, failures).await {
                Attempt::Mined => BLOCK_PAUSE,
                Attempt::Failed => MAX_PAUSE.min(2 * pause),
                Attempt::Stopped => return,
            };
            sleep(pause).await;
        }
    }
}

/// Waits until the pool has a payment.
async fn until_payments_wait(ledger: &Ledger) {
    let mut changes = ledger.listen();
    while ledger.view(|view| view.pool.is_empty()) {
        if changes.next().await == Heard::Ended {
            return;
        }
    }
}

impl fmt::Display for Automatic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(every) = self.every {
            write!(f, "every {} s", every.as_secs())?;
        }
        f.write_str(if self.every.is_some() && self.when_pending { ", and " } else { "" })?;
        f.write_str(if self.when_pending { "when payments wait" } else { "" })
    }
}

enum Attempt {
    Mined,
    Failed,
    Stopped,
}

async fn attempt(miner: &Miner, failures: &Failures) -> Attempt {
    match miner.mine(Asker::Node).await {
        Ok(_) => {
            failures.forget();
            Attempt::Mined
        }
        Err(MineError::Refused(ChangeError::Stopped)) => Attempt::Stopped,
        Err(error) => {
            failures.note(&error);
            Attempt::Failed
        }
    }
}

/// The failure that was logged last. The same failure is not logged twice in a row.
#[derive(Debug, Default)]
struct Failures(Mutex<Option<String>>);

impl Failures {
    fn note(&self, error: &MineError) {
        let (says, mut last) =
            (with_causes(error).to_string(), self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if last.as_ref() != Some(&says) {
            tracing::error!("mining failed, will retry: {says}");
            *last = Some(says);
        }
    }

    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests;
