//! Progress of a search for a proof.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ledger_core::Difficulty;

use super::Asker;

/// Time between two log lines about a long search.
const LOG_EVERY: Duration = Duration::from_secs(5);

/// Counters of one search, shared by its threads and by observers.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) index: u64,
    pub(super) asker: Asker,
    difficulty: Difficulty,
    started: Instant,
    tries: AtomicU64,
    logged: Mutex<Instant>,
}

/// Progress of the search for a block's proof.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Index of the block.
    pub index: u64,
    /// Leading zeros that its proof's hash needs.
    pub difficulty: Difficulty,
    /// Proofs tried.
    pub tries: u64,
    /// Time since the start.
    pub elapsed: Duration,
}

impl Attempt {
    pub(super) fn new(index: u64, difficulty: Difficulty, asker: Asker) -> Self {
        let now = Instant::now();
        Self { index, difficulty, asker, started: now, tries: AtomicU64::new(0), logged: Mutex::new(now) }
    }

    /// Number of proofs tried, and the time taken.
    pub(super) fn spent(&self) -> (u64, Duration) {
        (self.tries.load(Ordering::Relaxed), self.started.elapsed())
    }

    /// Counts tried proofs.
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

    /// Logs that the block is no longer wanted.
    pub(super) fn log_abandoned(&self) {
        let ((tries, took), asker) = (self.spent(), self.asker);
        tracing::info!(
            "gave up block {}: {asker} {} after {tries} tries in {took:.1?}",
            self.index,
            asker.left()
        );
    }

    /// Logs the progress, at most every [`LOG_EVERY`].
    pub(super) fn log(&self) {
        let Ok(mut logged) = self.logged.try_lock() else { return };
        if logged.elapsed() < LOG_EVERY {
            return;
        }
        *logged = Instant::now();
        let progress = self.progress();
        tracing::info!(
            "mining block {}: {:.0} of {:.0} million expected tries, {:.1} million per second",
            progress.index,
            progress.tries as f64 / 1e6,
            progress.expected_tries() / 1e6,
            progress.rate() / 1e6
        );
    }
}

impl Progress {
    /// Average number of tries for a proof: 16 to the power of the difficulty. Failed tries do not reduce it.
    pub fn expected_tries(&self) -> f64 {
        16f64.powi(self.difficulty.zeros().into())
    }

    /// Tries per second.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.tries as f64 / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_tries_grow_sixteenfold_with_each_zero() {
        let progress = |zeros| Attempt::new(2, Difficulty::new(zeros).unwrap(), Asker::Node).progress();
        assert_eq!(progress(0).expected_tries(), 1.0);
        assert_eq!(progress(7).expected_tries(), 268_435_456.0);
        assert!(progress(64).expected_tries().is_finite());
    }
}
