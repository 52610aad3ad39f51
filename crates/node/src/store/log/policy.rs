//! Decides when the write-ahead log is checkpointed, and by whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

/// Average pages per commit below which the load counts as a steady payment stream: 2 MiB.
const STEADY_BELOW: i32 = 64;

/// Pages from which the writer checkpoints a steady stream: 4 MiB. This delays payments by one or two milliseconds;
/// with 64 MiB it was ten.
pub(crate) const WRITER_FROM: i32 = 128;

/// Pages from which the thread checkpoints: 64 MiB.
const THREAD_FROM: i32 = 2_048;

/// Pages from which the writer checkpoints after every commit, as far as readers allow: 1 GiB.
const WRITER_ALWAYS_FROM: i32 = 32_768;

/// Decides after each commit who checkpoints.
///
/// Payments are many small commits, possibly without a pause. The writer checkpoints them along the way, a little
/// at a time. SQLite then restarts the log inside the file, where writing costs least.
///
/// Adopting a chain is a few large commits, followed by a pause in which the thread checkpoints them. If payments
/// follow instead, or a client blocked the checkpoint for long, the thread copies what it finds, and the writer the
/// few pages that were added meanwhile.
#[derive(Debug)]
pub(crate) struct CheckpointPolicy {
    wake: SyncSender<Load>,
    /// Set by the thread when only the newest commits are left.
    nearly_done: Arc<AtomicBool>,
    /// How often the log restarted, for the thread.
    restarts: Arc<AtomicU64>,
    pages: i32,
    /// Commits since the log restarted.
    commits: i32,
    /// Pages from which the next checkpoint is due.
    due: i32,
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
    /// The policy for a log that has just restarted. `wake` wakes the thread, which sets `nearly_done` at its end, and
    /// reads in `restarts` how often the log restarted.
    pub(crate) fn new(
        wake: SyncSender<Load>,
        nearly_done: Arc<AtomicBool>,
        restarts: Arc<AtomicU64>,
    ) -> Self {
        Self { wake, nearly_done, restarts, pages: 0, commits: 0, due: WRITER_FROM }
    }

    /// Records a commit that leaves `pages` in the log, and decides who checkpoints.
    pub(crate) fn record_commit(&mut self, pages: i32) -> CheckpointBy {
        // Each commit adds pages. A log that is not longer has restarted.
        if pages <= self.pages {
            self.restarts.fetch_add(1, Ordering::Relaxed);
            (self.commits, self.due) = (0, WRITER_FROM);
            self.nearly_done.store(false, Ordering::Relaxed);
        }
        self.pages = pages;
        self.commits = self.commits.saturating_add(1);
        let load = if pages / STEADY_BELOW < self.commits { Load::Steady } else { Load::Bursty };
        let is_nearly_done = load == Load::Steady && self.nearly_done.swap(false, Ordering::Relaxed);
        let is_due = pages >= self.due;
        if is_due {
            // A reader may block the restart: retry when the log has grown as much once more.
            self.due = pages.saturating_add(WRITER_FROM);
        }
        let is_long = is_due && pages >= THREAD_FROM;
        if is_long {
            // Full channel: a checkpoint is already queued.
            let _ = self.wake.try_send(load);
        }
        if pages >= WRITER_ALWAYS_FROM
            || is_nearly_done
            || (is_due && load == Load::Steady && pages < THREAD_FROM)
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

    fn policy() -> (CheckpointPolicy, Receiver<Load>) {
        let (wake, woken) = sync_channel(1);
        (CheckpointPolicy::new(wake, Arc::default(), Arc::default()), woken)
    }

    /// Commits `each` pages at a time up to `pages`. Returns the sizes at which the writer had to checkpoint.
    fn grow(policy: &mut CheckpointPolicy, each: i32, pages: i32) -> Vec<i32> {
        (each..=pages)
            .step_by(usize::try_from(each).unwrap())
            .filter(|&pages| policy.record_commit(pages) == CheckpointBy::Writer)
            .collect()
    }

    #[test]
    fn short_log_is_not_checkpointed() {
        let (mut policy, woken) = policy();
        assert!(grow(&mut policy, 4, WRITER_FROM - 4).is_empty());
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn writer_checkpoints_small_commits_along_the_way() {
        let (mut policy, woken) = policy();
        for _ in 0..3 {
            // The log restarts each time.
            assert_eq!(grow(&mut policy, 4, WRITER_FROM), [WRITER_FROM]);
        }
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn large_commits_go_to_the_thread_which_awaits_a_pause() {
        let (mut policy, woken) = policy();
        assert!(grow(&mut policy, 512, THREAD_FROM - 512).is_empty());
        assert!(woken.try_recv().is_err());
        assert_eq!(policy.record_commit(THREAD_FROM), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Bursty));
    }

    #[test]
    fn blocked_checkpoint_is_retried_after_growth() {
        let (mut policy, woken) = policy();
        let tries: Vec<i32> = (1..THREAD_FROM / WRITER_FROM).map(|times| times * WRITER_FROM).collect();
        assert_eq!(grow(&mut policy, 4, THREAD_FROM - 4), tries);
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn long_log_goes_to_the_checkpoint_thread() {
        let (mut policy, woken) = policy();
        grow(&mut policy, 4, THREAD_FROM - 4);
        assert_eq!(policy.record_commit(THREAD_FROM), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Steady));
    }

    #[test]
    fn writer_finishes_what_the_thread_left() {
        let (mut policy, woken) = policy();
        grow(&mut policy, 4, THREAD_FROM);
        woken.recv().unwrap();
        policy.nearly_done.store(true, Ordering::Relaxed);
        assert_eq!(policy.record_commit(THREAD_FROM + 4), CheckpointBy::Writer);
        assert_eq!(policy.record_commit(THREAD_FROM + 8), CheckpointBy::Nobody);
        assert!(woken.try_recv().is_err(), "a reader blocks the restart, and the log has hardly grown since");
        assert_eq!(policy.record_commit(THREAD_FROM + WRITER_FROM), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Steady));
    }

    #[test]
    fn restarted_log_counts_from_zero() {
        let (mut policy, woken) = policy();
        grow(&mut policy, 4, THREAD_FROM);
        woken.recv().unwrap();
        assert!(grow(&mut policy, 4, WRITER_FROM - 4).is_empty());
        assert!(woken.try_recv().is_err());
        assert_eq!(policy.record_commit(WRITER_FROM), CheckpointBy::Writer);
    }

    #[test]
    fn log_that_is_not_longer_has_restarted() {
        let (mut policy, _woken) = policy();
        for (pages, restarts) in [(4, 0), (8, 0), (8, 1), (12, 1), (4, 2), (WRITER_FROM, 2)] {
            policy.record_commit(pages);
            assert_eq!(policy.restarts.load(Ordering::Relaxed), restarts, "{pages} pages");
        }
    }

    #[test]
    fn commits_are_small_below_an_average() {
        for (pages, writers) in [(STEADY_BELOW - 1, vec![3 * (STEADY_BELOW - 1)]), (STEADY_BELOW, vec![])] {
            let (mut policy, _woken) = policy();
            assert_eq!(grow(&mut policy, pages, 3 * pages), writers);
        }
    }

    #[test]
    fn log_of_maximum_size_goes_to_the_writer() {
        let (mut policy, _woken) = policy();
        assert_eq!(grow(&mut policy, 512, WRITER_ALWAYS_FROM), [WRITER_ALWAYS_FROM]);
    }
}
