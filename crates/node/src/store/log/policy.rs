//! How the write-ahead log grows, and when it is brought into the database by whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

/// Up to how many pages a commit has, on the average, when payments arrive in a steady stream: 2 MiB.
const SMALL: i32 = 64;

/// From how many pages on the writer brings in the log of such a stream: 4 MiB. That takes it one or two
/// milliseconds, which is what payments wait longer then; a log of 64 MiB made them wait ten.
pub(crate) const OFTEN: i32 = 128;

/// From how many pages on the log is brought in by the thread: 64 MiB.
const SOON: i32 = 2_048;

/// From how many pages on the writer brings it in itself after each commit, as far as readers let it: 1 GiB.
const NOW: i32 = 32_768;

/// How the log grows.
///
/// Payments make many small commits, and there may never be a pause: the writer brings in what they add along
/// the way, a little at a time. SQLite then begins the log anew, in the place it has on disk already, where
/// writing costs least.
///
/// A chain that is adopted makes few large commits, and then there is a pause, in which the thread brings
/// them in. If payments come instead, or a client held the log for long, the thread brings in what it finds,
/// and the writer the little that was added meanwhile.
#[derive(Debug)]
pub(crate) struct Growth {
    wake: SyncSender<Stream>,
    /// Whether the thread has just brought in all but the newest commits.
    nearly: Arc<AtomicBool>,
    pages: i32,
    /// Commits since the log began anew.
    commits: i32,
    /// From how many pages on something is to be done.
    due: i32,
}

/// Whether what the log holds is a steady stream of small commits.
pub(crate) type Stream = bool;

impl Growth {
    /// The growth of a log from its beginning on. `wake` calls the thread, which says in `nearly` that it is done.
    pub(crate) fn new(wake: SyncSender<Stream>, nearly: Arc<AtomicBool>) -> Self {
        Self { wake, nearly, pages: 0, commits: 0, due: OFTEN }
    }

    /// Notes a commit after which the log has so many pages; whether the writer is to bring them in.
    pub(crate) fn is_for_the_writer(&mut self, pages: i32) -> bool {
        if pages < self.pages {
            (self.commits, self.due) = (0, OFTEN);
            self.nearly.store(false, Ordering::Relaxed);
        }
        self.pages = pages;
        self.commits = self.commits.saturating_add(1);
        let is_stream = pages / SMALL < self.commits;
        let is_nearly_in = is_stream && self.nearly.swap(false, Ordering::Relaxed);
        let is_due = pages >= self.due;
        if is_due {
            // A reader may keep the log from beginning anew; then it is tried again when it has grown as much
            // once more.
            self.due = pages.saturating_add(OFTEN);
        }
        if is_due && pages >= SOON {
            // A full channel means that the thread is at it.
            let _ = self.wake.try_send(is_stream);
        }
        pages >= NOW || is_nearly_in || (is_due && is_stream && pages < SOON)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;

    fn growth() -> (Growth, Receiver<Stream>) {
        let (wake, woken) = sync_channel(1);
        (Growth::new(wake, Arc::default()), woken)
    }

    /// Commits of so many pages each until the log has `pages`; the pages at which it was the writer's turn.
    fn grow(growth: &mut Growth, each: i32, pages: i32) -> Vec<i32> {
        (each..=pages)
            .step_by(usize::try_from(each).unwrap())
            .filter(|&pages| growth.is_for_the_writer(pages))
            .collect()
    }

    #[test]
    fn a_short_log_is_left_alone() {
        let (mut growth, woken) = growth();
        assert!(grow(&mut growth, 4, OFTEN - 4).is_empty());
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn the_writer_brings_in_small_commits_along_the_way() {
        let (mut growth, woken) = growth();
        for _ in 0..3 {
            // Each time the log begins anew.
            assert_eq!(grow(&mut growth, 4, OFTEN), [OFTEN]);
        }
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn large_commits_are_left_to_the_thread_which_waits_for_a_pause() {
        let (mut growth, woken) = growth();
        assert!(grow(&mut growth, 512, SOON - 512).is_empty());
        assert!(woken.try_recv().is_err());
        assert!(!growth.is_for_the_writer(SOON));
        assert_eq!(woken.try_recv(), Ok(false));
    }

    #[test]
    fn a_log_that_a_reader_holds_is_tried_again_when_it_has_grown_and_is_the_threads_when_it_is_long() {
        let (mut growth, woken) = growth();
        let tries: Vec<i32> = (1..SOON / OFTEN).map(|times| times * OFTEN).collect();
        assert_eq!(grow(&mut growth, 4, SOON - 4), tries);
        assert!(woken.try_recv().is_err());
        assert!(!growth.is_for_the_writer(SOON));
        assert_eq!(woken.try_recv(), Ok(true));
    }

    #[test]
    fn the_writer_brings_in_what_the_thread_left_of_a_long_log() {
        let (mut growth, woken) = growth();
        grow(&mut growth, 4, SOON);
        woken.recv().unwrap();
        growth.nearly.store(true, Ordering::Relaxed);
        assert!(growth.is_for_the_writer(SOON + 4));
        assert!(!growth.is_for_the_writer(SOON + 8));
        assert!(woken.try_recv().is_err(), "a reader holds the log, and it has not grown much since");
        assert!(!growth.is_for_the_writer(SOON + OFTEN));
        assert_eq!(woken.try_recv(), Ok(true));
    }

    #[test]
    fn a_log_that_began_anew_counts_from_its_beginning() {
        let (mut growth, woken) = growth();
        grow(&mut growth, 4, SOON);
        woken.recv().unwrap();
        assert!(grow(&mut growth, 4, OFTEN - 4).is_empty());
        assert!(woken.try_recv().is_err());
        assert!(growth.is_for_the_writer(OFTEN));
    }

    #[test]
    fn a_log_that_nothing_shortens_is_the_writers_in_the_end() {
        let (mut growth, _woken) = growth();
        assert_eq!(grow(&mut growth, 512, NOW), [NOW]);
    }
}
