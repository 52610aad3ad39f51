//! How far a search for a proof is, for whoever watches.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ledger_core::Difficulty;

use super::Asker;

/// How often a long search is written to the log.
const LOG_EVERY: Duration = Duration::from_secs(5);

/// What one search has done so far. Its threads count in it, and everybody may look.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) index: u64,
    pub(super) asker: Asker,
    difficulty: Difficulty,
    started: Instant,
    tries: AtomicU64,
    logged: Mutex<Instant>,
}

/// How far the search for a block's proof is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The index of the block that is mined.
    pub index: u64,
    /// The zeros its proof's hash must begin with.
    pub difficulty: Difficulty,
    /// How many proofs were tried.
    pub tries: u64,
    /// How long that has taken.
    pub elapsed: Duration,
}

impl Attempt {
    pub(super) fn new(index: u64, difficulty: Difficulty, asker: Asker) -> Self {
        let now = Instant::now();
        Self { index, difficulty, asker, started: now, tries: AtomicU64::new(0), logged: Mutex::new(now) }
    }

    /// How many proofs were tried, and for how long.
    pub(super) fn spent(&self) -> (u64, Duration) {
        (self.tries.load(Ordering::Relaxed), self.started.elapsed())
    }

    /// Counts proofs that were tried.
    pub(super) fn count(&self, tries: u64) {
        self.tries.fetch_add(tries, Ordering::Relaxed);
    }

    pub(super) fn progress(&self) -> Progress {
        Progress {
            index: self.index,
            difficulty: self.difficulty,
            tries: self.tries.load(Ordering::Relaxed),
            elapsed: self.started.elapsed(),
        }
    }

    /// Says in the log that nobody waits for the block any more.
    pub(super) fn log_given_up(&self) {
        let ((tries, took), asker) = (self.spent(), self.asker);
        tracing::info!(
            "gave up block {}: {asker} {} after {tries} tries in {took:.1?}",
            self.index,
            asker.left()
        );
    }

    /// Writes to the log if that was not done lately.
    pub(super) fn log(&self) {
        let Ok(mut logged) = self.logged.try_lock() else { return };
        if logged.elapsed() < LOG_EVERY {
            return;
        }
        *logged = Instant::now();
        let progress = self.progress();
        tracing::info!(
            "mining block {}: {:.0} million proofs tried of {:.0} million expected, {:.1} million a second",
            progress.index,
            progress.tries as f64 / 1e6,
            progress.expected_tries() / 1e6,
            progress.rate() / 1e6
        );
    }
}

impl Progress {
    /// How many proofs have to be tried on average: 16 to the power of the difficulty. What was tried in vain does not
    /// make it fewer.
    pub fn expected_tries(&self) -> f64 {
        16f64.powi(self.difficulty.zeros().into())
    }

    /// How many proofs are tried in a second.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.tries as f64 / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_grows_sixteenfold_with_each_zero() {
        let progress = |zeros| Attempt::new(2, Difficulty::new(zeros).unwrap(), Asker::Node).progress();
        assert_eq!(progress(0).expected_tries(), 1.0);
        assert_eq!(progress(7).expected_tries(), 268_435_456.0);
        assert!(progress(64).expected_tries().is_finite());
    }
}
