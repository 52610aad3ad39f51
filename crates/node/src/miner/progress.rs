//! Progress of a search for a proof.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ledger_core::{Height, Work};

use super::Asker;

/// Time between two log lines about a long search.
const LOG_EVERY: Duration = Duration::from_secs(5);

/// Counters of one search, shared by its threads and by observers.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) height: Height,
    pub(super) asker: Asker,
    work: Arc<Work>,
    started: Instant,
    tries: AtomicU64,
    /// The tries of all searches.
    total: Arc<AtomicU64>,
    logged: Mutex<Instant>,
}

/// Progress of the search for a block's proof.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Height of the block.
    pub height: Height,
    /// The fewest leading zero bits of a solution's hash.
    pub leading_zeros: u32,
    /// Average number of tries for a proof. Failed tries do not reduce it.
    pub expected_tries: f64,
    /// Proofs tried.
    pub tries: u64,
    /// Time since the start.
    pub elapsed: Duration,
}

impl Attempt {
    pub(super) fn new(height: Height, work: Arc<Work>, asker: Asker) -> Self {
        let (now, tries, total) = (Instant::now(), AtomicU64::new(0), Arc::default());
        Self { height, work, asker, started: now, tries, total, logged: Mutex::new(now) }
    }

    /// The same search, which also adds its tries to `total`.
    pub(super) fn counting_in(self, total: &Arc<AtomicU64>) -> Self {
        Self { total: Arc::clone(total), ..self }
    }

    /// Number of proofs tried, and the time taken.
    pub(super) fn spent(&self) -> (u64, Duration) {
        (self.tries.load(Ordering::Relaxed), self.started.elapsed())
    }

    /// Counts tried proofs.
    pub(super) fn count(&self, tries: u64) {
        self.tries.fetch_add(tries, Ordering::Relaxed);
        self.total.fetch_add(tries, Ordering::Relaxed);
    }

    pub(super) fn progress(&self) -> Progress {
        Progress {
            height: self.height,
            leading_zeros: self.work.leading_zeros(),
            expected_tries: self.work.expected_tries(),
            tries: self.tries.load(Ordering::Relaxed),
            elapsed: self.started.elapsed(),
        }
    }

    /// Logs that the block is no longer wanted.
    pub(super) fn log_abandoned(&self) {
        let ((tries, took), asker) = (self.spent(), self.asker);
        tracing::info!(
            "gave up block {}: {asker} {} ({tries} tries in {took:.1?})",
            self.height,
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
            progress.height,
            progress.tries as f64 / 1e6,
            progress.expected_tries / 1e6,
            progress.rate() / 1e6
        );
    }
}

impl Progress {
    /// Tries per second.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.tries as f64 / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::Target;

    use super::*;
    use crate::telemetry::testing::Log;

    fn attempt() -> Attempt {
        let work = Work::new("", "", Target::with_leading_zero_bits(20));
        Attempt::new(Height::new(2).unwrap(), Arc::new(work), Asker::Node)
    }

    #[test]
    fn rate_is_tries_per_second() {
        let progress = |tries, seconds| Progress {
            tries,
            elapsed: Duration::from_secs(seconds),
            ..attempt().progress()
        };
        assert_eq!(progress(10, 4).rate(), 2.5);
        assert_eq!(progress(10, 0).rate(), 0.0);
    }

    #[test]
    fn long_search_is_logged_at_intervals() {
        let (log, _logging) = Log::begin();
        let attempt = attempt();
        attempt.count(3_000_000);
        attempt.log();
        assert_eq!(log.take(), "");
        *attempt.logged.lock().unwrap() -= LOG_EVERY;
        attempt.log();
        let logged = log.take();
        assert!(logged.contains("mining block 2: 3 of 1 million expected tries, "), "{logged}");
        attempt.log();
        assert_eq!(log.take(), "");
    }

    #[test]
    fn abandoned_search_is_logged_with_its_tries() {
        let (log, _logging) = Log::begin();
        let attempt = attempt();
        attempt.count(5);
        assert_eq!(attempt.spent().0, 5);
        assert!(attempt.spent().1 > Duration::ZERO);
        attempt.log_abandoned();
        let logged = log.take();
        assert!(logged.contains("gave up block 2: the node stops (5 tries in "), "{logged}");
    }
}
