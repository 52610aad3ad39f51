//! How many may read at a time. Each reader has descriptors of its own, and keeps the write-ahead log from beginning anew.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::store::errors::StoreError;

/// How many snapshots there may be at a time.
const PLACES: usize = 24;

/// Places for readers, and a door that may be closed to them for a moment.
#[derive(Debug, Default)]
pub(crate) struct Places {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    is_closed: bool,
}

impl Places {
    /// Waits for a place for as long as `patience`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if it takes too long.
    pub(crate) fn enter(&self, patience: Duration) -> Result<Place<'_>, StoreError> {
        let has_to_wait = |state: &mut State| state.is_closed || state.taken >= PLACES;
        let waited = self.changed.wait_timeout_while(self.state(), patience, has_to_wait);
        let (mut state, timed_out) = waited.unwrap_or_else(PoisonError::into_inner);
        if timed_out.timed_out() {
            return Err(StoreError::Busy);
        }
        state.taken += 1;
        Ok(Place(self))
    }

    /// Lets nobody in until the answer is dropped, and waits until all have left, or for as long as `patience`.
    pub(crate) fn close(&self, patience: Duration) -> Closed<'_> {
        self.state().is_closed = true;
        let _ = self.changed.wait_timeout_while(self.state(), patience, |state| state.taken > 0);
        Closed(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place<'a>(&'a Places);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.state().taken -= 1;
        self.0.changed.notify_all();
    }
}

/// Keeps readers out until it is dropped.
#[derive(Debug)]
pub(crate) struct Closed<'a>(&'a Places);

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.state().is_closed = false;
        self.0.changed.notify_all();
    }
}
