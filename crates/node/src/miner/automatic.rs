//! Mining without being asked, for demos and classes.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::{Asker, MineError, Miner};
use crate::events::Heard;
use crate::ledger::{ChangeError, Ledger};
use crate::settings::Settings;
use crate::system::causes::with_causes;

/// How long a block for payments is followed by none: those that come meanwhile share the next one, and a stream of
/// payments does not make a stream of blocks.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two attempts that fail.
const LONGEST: Duration = Duration::from_secs(60);

/// The longest time between two blocks, a hundred years: sums of times must not overflow.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 86_400);

/// When a node mines without being asked. By default it never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Automatic {
    /// A block each time so much time has passed.
    pub every: Option<Duration>,
    /// A block when payments wait.
    pub when_pending: bool,
}

impl From<&Settings> for Automatic {
    fn from(settings: &Settings) -> Self {
        Self { every: settings.mine_every, when_pending: settings.mine_when_pending }
    }
}

impl Automatic {
    /// Mines until it is dropped, or the node stops. Both kinds queue for the miner as clients do.
    pub async fn run(self, miner: &Miner) {
        if self == Self::default() {
            return;
        }
        tracing::info!("mining without being asked: {self}");
        let failures = Failures::default();
        tokio::join!(self.on_time(miner, &failures), self.on_payments(miner, &failures));
    }

    async fn on_time(self, miner: &Miner, failures: &Failures) {
        let Some(every) = self.every.map(|every| every.min(FOREVER)) else { return };
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
        let mut pause = PAUSE;
        loop {
            until_payments_wait(&miner.ledger).await;
            pause = match attempt(miner, failures).await {
                Attempt::Mined => PAUSE,
                Attempt::Failed => LONGEST.min(2 * pause),
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

/// The failure that was logged last: while it lasts, it is not logged again.
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
mod tests {
    use super::*;

    #[test]
    fn the_log_says_when_it_mines() {
        let every = Some(Duration::from_secs(10));
        let says = |every, when_pending| Automatic { every, when_pending }.to_string();
        assert_eq!(says(every, false), "every 10 s");
        assert_eq!(says(None, true), "when payments wait");
        assert_eq!(says(every, true), "every 10 s, and when payments wait");
    }
}
