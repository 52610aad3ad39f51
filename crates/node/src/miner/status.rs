//! What others can see of the miner.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::progress::{Attempt, Progress};
use super::{Asker, Solved};

/// The current search, the number of waiting callers, and the last result.
#[derive(Debug, Default)]
pub(super) struct MinerStatus {
    current: Mutex<Option<Arc<Attempt>>>,
    waiting: AtomicUsize,
    last: Mutex<Option<Arc<Solved>>>,
    /// Whether a search runs.
    is_mining: watch::Sender<bool>,
    /// Proofs tried since the start.
    tries: Arc<AtomicU64>,
}

/// Shows a search until dropped.
pub(super) struct ShownSearch {
    status: Arc<MinerStatus>,
    attempt: Arc<Attempt>,
}

impl MinerStatus {
    pub(super) fn show(self: &Arc<Self>, attempt: Arc<Attempt>) -> ShownSearch {
        *self.current() = Some(Arc::clone(&attempt));
        self.is_mining.send_replace(true);
        ShownSearch { status: Arc::clone(self), attempt }
    }

    pub(super) fn progress(&self) -> Option<Progress> {
        self.current().as_ref().map(|attempt| attempt.progress())
    }

    pub(super) fn is_mining(&self) -> watch::Receiver<bool> {
        self.is_mining.subscribe()
    }

    /// Logs a waiting caller, and counts it until the result is dropped.
    pub(super) fn wait(&self, asker: Asker) -> Waiting<'_> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(current) = self.current().as_ref() {
            let (height, other) = (current.height, current.asker);
            tracing::info!(
                "{asker} waits to mine: block {height} is searched for {other} ({waiting} waiting)"
            );
        }
        Waiting(&self.waiting)
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn solved(&self, solved: Solved) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(solved));
    }

    pub(super) fn last(&self) -> Option<Arc<Solved>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts the tries of all searches.
    pub(super) fn tries(&self) -> &Arc<AtomicU64> {
        &self.tries
    }

    fn current(&self) -> MutexGuard<'_, Option<Arc<Attempt>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller in the queue.
pub(super) struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Hides the search, unless the next one is shown already: a cancelled search may end late.
impl Drop for ShownSearch {
    fn drop(&mut self) {
        let mut current = self.status.current();
        if current.as_ref().is_some_and(|attempt| Arc::ptr_eq(attempt, &self.attempt)) {
            *current = None;
            self.status.is_mining.send_replace(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::testing::Log;
    use ledger_core::{Height, Target, Work};

    fn attempt(height: u64) -> Arc<Attempt> {
        let work = Work::new("", "", Target::with_leading_zero_bits(4));
        Arc::new(Attempt::new(Height::new(height).unwrap(), Arc::new(work), Asker::Node))
    }

    #[test]
    fn search_is_shown_until_it_ends() {
        let status = Arc::new(MinerStatus::default());
        assert_eq!(status.progress(), None);
        let attempt = attempt(2);
        let shown = status.show(Arc::clone(&attempt));
        attempt.count(5);
        assert_eq!(status.progress().unwrap().tries, 5);
        assert!(*status.is_mining().borrow());
        drop(shown);
        assert!(!*status.is_mining().borrow());
        assert_eq!(status.progress(), None);
    }

    #[test]
    fn callers_in_the_queue_are_counted_and_logged() {
        let (log, _logging) = Log::begin();
        let status = Arc::new(MinerStatus::default());
        let first = status.wait(Asker::Client(None));
        assert_eq!((log.take().as_str(), status.waiting()), ("", 1));
        drop(first);
        let _shown = status.show(attempt(2));
        let waiting = [status.wait(Asker::Node), status.wait(Asker::Client(None))];
        let logged = log.take();
        let line = "an unknown client waits to mine: block 2 is searched for the node (2 waiting)";
        assert!(logged.contains(line), "{logged}");
        assert_eq!(status.waiting(), 2);
        drop(waiting);
        assert_eq!(status.waiting(), 0);
    }

    #[test]
    fn tries_of_all_searches_add_up() {
        let status = MinerStatus::default();
        for height in [2, 3] {
            let attempt = Arc::into_inner(attempt(height)).unwrap().counting_in(status.tries());
            attempt.count(5);
            assert_eq!(attempt.progress().tries, 5);
        }
        assert_eq!(status.tries().load(Ordering::Relaxed), 10);
    }

    #[test]
    fn search_that_ends_late_does_not_hide_the_next() {
        let status = Arc::new(MinerStatus::default());
        let late = status.show(attempt(2));
        let next = status.show(attempt(3));
        drop(late);
        assert!(*status.is_mining().borrow());
        assert_eq!(status.progress().unwrap().height.get(), 3);
        drop(next);
        assert_eq!(status.progress(), None);
    }
}
