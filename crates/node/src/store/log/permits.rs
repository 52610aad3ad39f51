//! Limits concurrent readers: each has its own file descriptors and keeps the write-ahead log from restarting.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::store::errors::StoreError;

/// Concurrent snapshots.
const MAX_READERS: usize = 24;

/// Hands out permits to readers, and pauses them for a checkpoint.
#[derive(Debug, Default)]
pub(crate) struct ReadPermits {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    is_paused: bool,
}

impl ReadPermits {
    /// Waits up to `patience` for a permit.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if none becomes free.
    pub(crate) fn acquire(&self, patience: Duration) -> Result<ReadPermit<'_>, StoreError> {
        let has_to_wait = |state: &mut State| state.is_paused || state.taken >= MAX_READERS;
        let waited = self.changed.wait_timeout_while(self.state(), patience, has_to_wait);
        let (mut state, timed_out) = waited.unwrap_or_else(PoisonError::into_inner);
        if timed_out.timed_out() {
            return Err(StoreError::Busy);
        }
        state.taken += 1;
        Ok(ReadPermit(self))
    }

    /// Hands out no permits until the result is dropped. Waits up to `patience` for the current readers to finish.
    pub(crate) fn pause(&self, patience: Duration) -> ReadersPaused<'_> {
        self.state().is_paused = true;
        let _ = self.changed.wait_timeout_while(self.state(), patience, |state| state.taken > 0);
        ReadersPaused(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Permission to read, until dropped.
#[derive(Debug)]
pub(crate) struct ReadPermit<'a>(&'a ReadPermits);

impl Drop for ReadPermit<'_> {
    fn drop(&mut self) {
        self.0.state().taken -= 1;
        self.0.changed.notify_all();
    }
}

/// Pauses readers until dropped.
#[derive(Debug)]
pub(crate) struct ReadersPaused<'a>(&'a ReadPermits);

impl Drop for ReadersPaused<'_> {
    fn drop(&mut self) {
        self.0.state().is_paused = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Ends a test that hangs.
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn readers_are_limited() {
        let permits = ReadPermits::default();
        let mut taken: Vec<_> = (0..MAX_READERS).map(|_| permits.acquire(Duration::ZERO).unwrap()).collect();
        for _ in 0..2 {
            assert!(matches!(permits.acquire(Duration::ZERO), Err(StoreError::Busy)));
            taken.pop();
            taken.push(permits.acquire(Duration::ZERO).unwrap());
        }
    }

    #[test]
    fn paused_readers_wait() {
        let permits = ReadPermits::default();
        let paused = permits.pause(LONG);
        assert!(matches!(permits.acquire(Duration::ZERO), Err(StoreError::Busy)));
        drop(paused);
        permits.acquire(Duration::ZERO).unwrap();
    }

    #[test]
    fn pause_awaits_current_readers() {
        let (permits, begun) = (ReadPermits::default(), Instant::now());
        let permit = permits.acquire(LONG).unwrap();
        let patience = Duration::from_millis(10);
        drop(permits.pause(patience));
        assert!(begun.elapsed() >= patience);
        std::thread::scope(|scope| {
            scope.spawn(|| permits.pause(LONG));
            drop(permit);
        });
        assert!(begun.elapsed() < LONG);
    }
}
