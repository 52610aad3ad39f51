//! How far a search for a proof is, for whoever watches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_core::Difficulty;

/// How often a long search is written to the log.
const LOG_EVERY: Duration = Duration::from_secs(5);

/// What one search has done so far. Its threads count in it, and everybody may look.
#[derive(Debug)]
pub(super) struct Attempt {
    index: u64,
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
    pub(super) fn new(index: u64, difficulty: Difficulty) -> Self {
        let now = Instant::now();
        Self { index, difficulty, started: now, tries: AtomicU64::new(0), logged: Mutex::new(now) }
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

/// The search that runs, if one does.
#[derive(Debug, Default)]
pub(super) struct Watch(Mutex<Option<Arc<Attempt>>>);

/// Shows a search while it lives.
pub(super) struct Shown {
    watch: Arc<Watch>,
    attempt: Arc<Attempt>,
}

impl Watch {
    pub(super) fn show(self: &Arc<Self>, attempt: Arc<Attempt>) -> Shown {
        *self.current() = Some(Arc::clone(&attempt));
        Shown { watch: Arc::clone(self), attempt }
    }

    pub(super) fn progress(&self) -> Option<Progress> {
        self.current().as_ref().map(|attempt| attempt.progress())
    }

    fn current(&self) -> MutexGuard<'_, Option<Arc<Attempt>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A search that was given up may end after the next has begun, which is then shown.
impl Drop for Shown {
    fn drop(&mut self) {
        let mut current = self.watch.current();
        if current.as_ref().is_some_and(|attempt| Arc::ptr_eq(attempt, &self.attempt)) {
            *current = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_grows_sixteenfold_with_each_zero() {
        let progress = |zeros| Attempt::new(2, Difficulty::new(zeros).unwrap()).progress();
        assert_eq!(progress(0).expected_tries(), 1.0);
        assert_eq!(progress(7).expected_tries(), 268_435_456.0);
        assert!(progress(64).expected_tries().is_finite());
    }

    #[test]
    fn a_search_is_shown_as_long_as_it_lives() {
        let watch = Arc::new(Watch::default());
        assert_eq!(watch.progress(), None);
        let attempt = Arc::new(Attempt::new(2, Difficulty::default()));
        let shown = watch.show(Arc::clone(&attempt));
        attempt.count(5);
        assert_eq!(watch.progress().unwrap().tries, 5);
        drop(shown);
        assert_eq!(watch.progress(), None);
    }

    #[test]
    fn a_search_that_ends_late_does_not_hide_the_next() {
        let watch = Arc::new(Watch::default());
        let attempt = |index| Arc::new(Attempt::new(index, Difficulty::default()));
        let late = watch.show(attempt(2));
        let next = watch.show(attempt(3));
        drop(late);
        assert_eq!(watch.progress().unwrap().index, 3);
        drop(next);
        assert_eq!(watch.progress(), None);
    }
}
