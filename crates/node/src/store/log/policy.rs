//! Decides when the write-ahead log is checkpointed, and by whom. SQLite's own `wal_autocheckpoint` would make a sync write
//! twice as much before its chain is adopted: docs/decisions/0007-payments.md.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

/// Average bytes per commit below which the load counts as a steady payment stream.
const STEADY_BELOW: u64 = 2 << 20;

/// Bytes from which the writer checkpoints a steady stream. This delays payments by one or two milliseconds; with 64 MiB
/// it was ten.
pub(crate) const WRITER_FROM: u64 = 4 << 20;

/// Bytes from which the thread checkpoints.
const THREAD_FROM: u64 = 64 << 20;

/// Bytes from which the writer checkpoints after every commit, as far as readers allow.
const WRITER_ALWAYS_FROM: u64 = 1 << 30;

/// Decides after each commit who checkpoints.
///
/// Payments are many small commits, possibly without a pause. The writer checkpoints them along the way, a little
/// at a time. SQLite then restarts the log inside the file, where writing costs least.
///
/// Adopting a chain is a few large commits, followed by a pause in which the thread checkpoints them. If payments
/// follow instead, or a client blocked the checkpoint for long, the thread copies what it finds, and the writer
/// copies the few pages that were added meanwhile.
#[derive(Debug)]
pub(crate) struct CheckpointPolicy {
    wake: SyncSender<Load>,
    /// Set by the thread when only the newest commits are left.
    nearly_done: Arc<AtomicBool>,
    /// How often the log restarted, for the thread.
    restarts: Arc<AtomicU64>,
    /// Bytes of pages in the log.
    bytes: u64,
    /// Commits since the log restarted.
    commits: u64,
    /// Bytes from which the next checkpoint is due.
    due: u64,
}

/// The kind of commits since the log restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// Many small commits: payments.
    Steady,
    /// Few large commits: a chain is adopted.
    Bursty,
}

/// Who checkpoints after a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckpointBy {
    /// Nobody yet.
    Nobody,
    /// The thread, which has been woken.
    Thread,
    /// The writer, before its next commit.
    Writer,
}

impl CheckpointPolicy {
    /// The policy for a log that has just restarted. `wake` wakes the thread. The thread sets `nearly_done` when few pages
    /// are left, and reads `restarts`, the number of restarts of the log.
    pub(crate) fn new(
        wake: SyncSender<Load>,
        nearly_done: Arc<AtomicBool>,
        restarts: Arc<AtomicU64>,
    ) -> Self {
        Self { wake, nearly_done, restarts, bytes: 0, commits: 0, due: WRITER_FROM }
    }

    /// Records a commit that leaves `bytes` of pages in the log, and decides who checkpoints.
    pub(crate) fn record_commit(&mut self, bytes: u64) -> CheckpointBy {
        // Each commit adds pages. A log that is not longer has restarted.
        if bytes <= self.bytes {
            self.restarts.fetch_add(1, Ordering::Relaxed);
            (self.commits, self.due) = (0, WRITER_FROM);
            self.nearly_done.store(false, Ordering::Relaxed);
        }
        self.bytes = bytes;
        self.commits = self.commits.saturating_add(1);
        let load = if bytes / STEADY_BELOW < self.commits { Load::Steady } else { Load::Bursty };
        let is_nearly_done = load == Load::Steady && self.nearly_done.swap(false, Ordering::Relaxed);
        let is_due = bytes >= self.due;
        if is_due {
            // A reader may block the restart: retry when the log has grown by as much again.
            self.due = bytes.saturating_add(WRITER_FROM);
        }
        let is_long = is_due && bytes >= THREAD_FROM;
        if is_long {
            // Full channel: a checkpoint is already queued.
            let _ = self.wake.try_send(load);
        }
        if bytes >= WRITER_ALWAYS_FROM
            || is_nearly_done
            || (is_due && load == Load::Steady && bytes < THREAD_FROM)
        {
            CheckpointBy::Writer
        } else if is_long {
            CheckpointBy::Thread
        } else {
            CheckpointBy::Nobody
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;

    const KIB: u64 = 1 << 10;

    /// The bytes of a small commit.
    const SMALL: u64 = 128 * KIB;

    /// The bytes of a large commit.
    const LARGE: u64 = 16 << 20;

    fn policy() -> (CheckpointPolicy, Receiver<Load>) {
        let (wake, woken) = sync_channel(1);
        (CheckpointPolicy::new(wake, Arc::default(), Arc::default()), woken)
    }

    /// Commits `each` bytes at a time up to `bytes`. Returns the sizes at which the writer had to checkpoint.
    fn grow(policy: &mut CheckpointPolicy, each: u64, bytes: u64) -> Vec<u64> {
        (each..=bytes)
            .step_by(usize::try_from(each).unwrap())
            .filter(|&bytes| policy.record_commit(bytes) == CheckpointBy::Writer)
            .collect()
    }

    #[test]
    fn short_log_is_not_checkpointed() {
        let (mut policy, woken) = policy();
        assert!(grow(&mut policy, SMALL, WRITER_FROM - SMALL).is_empty());
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn writer_checkpoints_small_commits_along_the_way() {
        let (mut policy, woken) = policy();
        for _ in 0..3 {
            // The log restarts each time.
            assert_eq!(grow(&mut policy, SMALL, WRITER_FROM), [WRITER_FROM]);
        }
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn large_commits_go_to_the_thread_which_awaits_a_pause() {
        let (mut policy, woken) = policy();
        assert!(grow(&mut policy, LARGE, THREAD_FROM - LARGE).is_empty());
        assert!(woken.try_recv().is_err());
        assert_eq!(policy.record_commit(THREAD_FROM), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Bursty));
    }

    #[test]
    fn blocked_checkpoint_is_retried_after_growth() {
        let (mut policy, woken) = policy();
        let tries: Vec<u64> = (1..THREAD_FROM / WRITER_FROM).map(|times| times * WRITER_FROM).collect();
        assert_eq!(grow(&mut policy, SMALL, THREAD_FROM - SMALL), tries);
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn long_log_goes_to_the_checkpoint_thread() {
        let (mut policy, woken) = policy();
        grow(&mut policy, SMALL, THREAD_FROM - SMALL);
        assert_eq!(policy.record_commit(THREAD_FROM), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Steady));
    }

    #[test]
    fn writer_finishes_what_the_thread_left() {
        let (mut policy, woken) = policy();
        grow(&mut policy, SMALL, THREAD_FROM);
        woken.recv().unwrap();
        policy.nearly_done.store(true, Ordering::Relaxed);
        assert_eq!(policy.record_commit(THREAD_FROM + SMALL), CheckpointBy::Writer);
        assert_eq!(policy.record_commit(THREAD_FROM + 2 * SMALL), CheckpointBy::Nobody);
        assert!(woken.try_recv().is_err(), "a reader blocks the restart, and the log has hardly grown since");
        assert_eq!(policy.record_commit(THREAD_FROM + WRITER_FROM), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Steady));
    }

    #[test]
    fn restarted_log_counts_from_zero() {
        let (mut policy, woken) = policy();
        grow(&mut policy, SMALL, THREAD_FROM);
        woken.recv().unwrap();
        assert!(grow(&mut policy, SMALL, WRITER_FROM - SMALL).is_empty());
        assert!(woken.try_recv().is_err());
        assert_eq!(policy.record_commit(WRITER_FROM), CheckpointBy::Writer);
    }

    #[test]
    fn log_that_is_not_longer_has_restarted() {
        let (mut policy, _woken) = policy();
        for (bytes, restarts) in [(4, 0), (8, 0), (8, 1), (12, 1), (4, 2), (WRITER_FROM / KIB, 2)] {
            policy.record_commit(bytes * KIB);
            assert_eq!(policy.restarts.load(Ordering::Relaxed), restarts, "{bytes} KiB");
        }
    }

    #[test]
    fn load_is_steady_below_an_average_commit() {
        for (bytes, writers) in [(STEADY_BELOW - 1, vec![3 * (STEADY_BELOW - 1)]), (STEADY_BELOW, vec![])] {
            let (mut policy, _woken) = policy();
            assert_eq!(grow(&mut policy, bytes, 3 * bytes), writers);
        }
    }

    #[test]
    fn log_of_maximum_size_goes_to_the_writer() {
        let (mut policy, _woken) = policy();
        assert_eq!(grow(&mut policy, LARGE, WRITER_ALWAYS_FROM), [WRITER_ALWAYS_FROM]);
    }
}
