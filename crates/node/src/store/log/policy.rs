//! How the write-ahead log grows, and who brings it into the database, and when.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

/// Average pages per commit below which the load counts as a steady stream of payments: 2 MiB.
const SMALL: i32 = 64;

/// Pages from which the writer brings in the log of such a stream: 4 MiB. That takes it one or two milliseconds, which is
/// what payments wait longer then; a log of 64 MiB made them wait ten.
pub(crate) const OFTEN: i32 = 128;

/// Pages from which the thread brings in the log: 64 MiB.
const SOON: i32 = 2_048;

/// Pages from which the writer brings it in itself after each commit, as far as readers let it: 1 GiB.
const NOW: i32 = 32_768;

/// Decides after each commit who brings in the log.
///
/// Payments make many small commits, and there may never be a pause: the writer brings in what they add along
/// the way, a little at a time. SQLite then begins the log anew, in the place it has on disk already, where
/// writing costs least.
///
/// A chain that is adopted makes few large commits, and then there is a pause, in which the thread brings
/// them in. If payments come instead, or a client held the log for long, the thread brings in what it finds,
/// and the writer the little that was added meanwhile.
#[derive(Debug)]
pub(crate) struct CheckpointPolicy {
    wake: SyncSender<Load>,
    /// Whether the thread has just brought in all but the newest commits.
    nearly: Arc<AtomicBool>,
    pages: i32,
    /// Commits since the log began anew.
    commits: i32,
    /// From how many pages on something is to be done.
    due: i32,
}

/// What the commits since the log began anew look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// Many small ones: payments.
    Steady,
    /// Few large ones: a chain that is adopted.
    Bursty,
}

/// Who brings in the log after a commit.
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
    /// The policy for a log from its beginning on. `wake` calls the thread, which says in `nearly` that it is done.
    pub(crate) fn new(wake: SyncSender<Load>, nearly: Arc<AtomicBool>) -> Self {
        Self { wake, nearly, pages: 0, commits: 0, due: OFTEN }
    }

    /// Records a commit after which the log has so many pages, and decides who brings them in.
    pub(crate) fn record_commit(&mut self, pages: i32) -> CheckpointBy {
        if pages < self.pages {
            (self.commits, self.due) = (0, OFTEN);
            self.nearly.store(false, Ordering::Relaxed);
        }
        self.pages = pages;
        self.commits = self.commits.saturating_add(1);
        let load = if pages / SMALL < self.commits { Load::Steady } else { Load::Bursty };
        let is_nearly_in = load == Load::Steady && self.nearly.swap(false, Ordering::Relaxed);
        let is_due = pages >= self.due;
        if is_due {
            // A reader may keep the log from beginning anew: try again when it has grown as much once more.
            self.due = pages.saturating_add(OFTEN);
        }
        let is_long = is_due && pages >= SOON;
        if is_long {
            // Full channel: a checkpoint is already queued.
            let _ = self.wake.try_send(load);
        }
        if pages >= NOW || is_nearly_in || (is_due && load == Load::Steady && pages < SOON) {
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
        (CheckpointPolicy::new(wake, Arc::default()), woken)
    }

    /// Commits of so many pages each until the log has `pages`; the pages at which it was the writer's turn.
    fn grow(policy: &mut CheckpointPolicy, each: i32, pages: i32) -> Vec<i32> {
        (each..=pages)
            .step_by(usize::try_from(each).unwrap())
            .filter(|&pages| policy.record_commit(pages) == CheckpointBy::Writer)
            .collect()
    }

    #[test]
    fn short_log_is_left_alone() {
        let (mut policy, woken) = policy();
        assert!(grow(&mut policy, 4, OFTEN - 4).is_empty());
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn writer_brings_in_small_commits_along_the_way() {
        let (mut policy, woken) = policy();
        for _ in 0..3 {
            // Each time the log begins anew.
            assert_eq!(grow(&mut policy, 4, OFTEN), [OFTEN]);
        }
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn large_commits_are_left_to_the_thread_which_waits_for_a_pause() {
        let (mut policy, woken) = policy();
        assert!(grow(&mut policy, 512, SOON - 512).is_empty());
        assert!(woken.try_recv().is_err());
        assert_eq!(policy.record_commit(SOON), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Bursty));
    }

    #[test]
    fn blocked_checkpoint_is_retried_after_growth() {
        let (mut policy, woken) = policy();
        let tries: Vec<i32> = (1..SOON / OFTEN).map(|times| times * OFTEN).collect();
        assert_eq!(grow(&mut policy, 4, SOON - 4), tries);
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn long_log_goes_to_the_checkpoint_thread() {
        let (mut policy, woken) = policy();
        grow(&mut policy, 4, SOON - 4);
        assert_eq!(policy.record_commit(SOON), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Steady));
    }

    #[test]
    fn writer_brings_in_what_the_thread_left_of_a_long_log() {
        let (mut policy, woken) = policy();
        grow(&mut policy, 4, SOON);
        woken.recv().unwrap();
        policy.nearly.store(true, Ordering::Relaxed);
        assert_eq!(policy.record_commit(SOON + 4), CheckpointBy::Writer);
        assert_eq!(policy.record_commit(SOON + 8), CheckpointBy::Nobody);
        assert!(woken.try_recv().is_err(), "a reader holds the log, and it has not grown much since");
        assert_eq!(policy.record_commit(SOON + OFTEN), CheckpointBy::Thread);
        assert_eq!(woken.try_recv(), Ok(Load::Steady));
    }

    #[test]
    fn log_that_began_anew_counts_from_its_beginning() {
        let (mut policy, woken) = policy();
        grow(&mut policy, 4, SOON);
        woken.recv().unwrap();
        assert!(grow(&mut policy, 4, OFTEN - 4).is_empty());
        assert!(woken.try_recv().is_err());
        assert_eq!(policy.record_commit(OFTEN), CheckpointBy::Writer);
    }

    #[test]
    fn log_that_nothing_shortens_is_the_writers_in_the_end() {
        let (mut policy, _woken) = policy();
        assert_eq!(grow(&mut policy, 512, NOW), [NOW]);
    }
}
