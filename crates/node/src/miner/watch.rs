//! What can be seen of the miner from outside.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::progress::{Attempt, Progress};
use super::{Asker, Solved};

/// The search that runs, if one does, who waits for the next one, and what the last one found.
#[derive(Debug, Default)]
pub(super) struct Watch {
    current: Mutex<Option<Arc<Attempt>>>,
    waiting: AtomicUsize,
    last: Mutex<Option<Arc<Solved>>>,
}

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

    /// Counts somebody as waiting until the result is dropped, and says so in the log.
    pub(super) fn wait(&self, asker: Asker) -> Waiting<'_> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(current) = self.current().as_ref() {
            let (index, other) = (current.index, current.asker);
            tracing::info!(
                "{asker} waits to mine: block {index} is searched for {other} ({waiting} waiting)"
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

    fn current(&self) -> MutexGuard<'_, Option<Arc<Attempt>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who waits for his turn.
pub(super) struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
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
    use ledger_core::Difficulty;

    #[test]
    fn a_search_is_shown_as_long_as_it_lives() {
        let watch = Arc::new(Watch::default());
        assert_eq!(watch.progress(), None);
        let attempt = Arc::new(Attempt::new(2, Difficulty::default(), Asker::Node));
        let shown = watch.show(Arc::clone(&attempt));
        attempt.count(5);
        assert_eq!(watch.progress().unwrap().tries, 5);
        drop(shown);
        assert_eq!(watch.progress(), None);
    }

    #[test]
    fn a_search_that_ends_late_does_not_hide_the_next() {
        let watch = Arc::new(Watch::default());
        let attempt = |index| Arc::new(Attempt::new(index, Difficulty::default(), Asker::Node));
        let late = watch.show(attempt(2));
        let next = watch.show(attempt(3));
        drop(late);
        assert_eq!(watch.progress().unwrap().index, 3);
        drop(next);
        assert_eq!(watch.progress(), None);
    }
}
