//! Bringing the write-ahead log into the database, on a thread of its own so that no change waits for it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};

use super::{DATABASE, StoreError};

/// From how many pages on the log is brought in: 64 MiB.
const SOON: i32 = 2_048;

/// Up to how many pages a commit has, on the average, when payments arrive in a steady stream: 2 MiB.
const SMALL: i32 = 64;

/// From how many pages on the writer brings it in itself after each commit, as far as readers let it: 1 GiB.
const NOW: i32 = 32_768;

/// How long no change makes a pause.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a pause is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes a connection's commits bring in the log when it has grown. Answers the thread that does it.
pub(super) fn attach(connection: &mut Connection, directory: &Path) -> Result<JoinHandle<()>, StoreError> {
    let nearly = Arc::new(AtomicBool::new(false));
    let (wake, thread) = start(directory, Arc::clone(&nearly))?;
    let mut growth = Growth { wake, nearly, pages: 0, commits: 0, due: SOON };
    connection.wal_hook(Some(move |log: &mut Wal, pages: i32| {
        if growth.is_for_the_writer(pages) {
            // The commit has happened; that the log stays long for now must not make it look failed.
            let _ = log.checkpoint();
        }
        Ok(())
    }))?;
    Ok(thread)
}

/// Ends what [`attach`] began, before the connection is closed: the last one to be closed brings in the whole log.
pub(super) fn detach(connection: &mut Connection, thread: JoinHandle<()>) {
    if connection.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>).is_ok() {
        let _ = thread.join();
    }
}

/// How the log grows.
///
/// A chain that is adopted makes few large commits, and then there is a pause. Payments make many small ones, and there
/// may never be a pause: the thread brings in what it finds, and the writer the little that was added meanwhile. SQLite
/// then begins the log anew, in the place it has on disk already, where writing costs least.
struct Growth {
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
type Stream = bool;

impl Growth {
    /// Notes a commit after which the log has so many pages; whether the writer is to bring them in.
    fn is_for_the_writer(&mut self, pages: i32) -> bool {
        if pages < self.pages {
            (self.commits, self.due) = (0, SOON);
            self.nearly.store(false, Ordering::Relaxed);
        }
        self.pages = pages;
        self.commits = self.commits.saturating_add(1);
        let is_stream = pages / SMALL < self.commits;
        if pages >= NOW || (is_stream && self.nearly.swap(false, Ordering::Relaxed)) {
            // A reader may keep the log from beginning anew; then it is tried again when it has grown as much once more.
            self.due = pages.saturating_add(SOON);
            return true;
        }
        if pages >= self.due {
            // A full channel means that the thread is at it.
            let _ = self.wake.try_send(is_stream);
        }
        false
    }
}

/// Starts a thread that flushes the log while a chain is staged, so that the adoption's commit finds little left to flush.
/// The commit flushes what is left itself: nothing relies on this thread.
pub(super) fn start_flusher(directory: &Path) -> Result<SyncSender<()>, StoreError> {
    let log = directory.join(format!("{DATABASE}-wal"));
    let (wake, woken) = sync_channel::<()>(1);
    let work = move || {
        while woken.recv().is_ok() {
            // A log that cannot be flushed now will fail the commit, which says so.
            let _ = File::open(&log).and_then(|log| log.sync_data());
        }
    };
    let started = std::thread::Builder::new().name("flush".into()).spawn(work);
    started.map_err(|error| StoreError::Directory { path: directory.to_owned(), error })?;
    Ok(wake)
}

/// Waits until the writer pauses, since a burst of changes is over sooner without competition for the disk; false if it has
/// ended, and with it the log.
fn await_quiet(woken: &Receiver<Stream>) -> bool {
    let patience = Instant::now() + PATIENCE;
    while Instant::now() < patience {
        match woken.recv_timeout(PAUSE) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

/// Starts the thread; it ends with the hook that wakes it.
fn start(
    directory: &Path,
    nearly: Arc<AtomicBool>,
) -> Result<(SyncSender<Stream>, JoinHandle<()>), StoreError> {
    let database = directory.join(DATABASE);
    let (wake, woken) = sync_channel::<Stream>(1);
    let work = move || {
        while let Ok(is_stream) = woken.recv() {
            if !is_stream && !await_quiet(&woken) {
                return;
            }
            let left = bring_in(&database).unwrap_or_else(|error| {
                tracing::warn!("the write-ahead log was not brought into the database yet: {error}");
                i32::MAX
            });
            nearly.store(is_stream && left < SOON, Ordering::Relaxed);
        }
    };
    let started = std::thread::Builder::new().name("checkpoint".into()).spawn(work);
    let thread = started.map_err(|error| StoreError::Directory { path: directory.to_owned(), error })?;
    Ok((wake, thread))
}

/// Brings the log in, as far as readers let it, and answers how many pages are left. It has a connection of its own: one
/// kept open would outlive the writer's, whose end brings in the rest.
fn bring_in(database: &Path) -> rusqlite::Result<i32> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(row.get::<_, i32>(1)?.saturating_sub(row.get(2)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth() -> (Growth, Receiver<Stream>) {
        let (wake, woken) = sync_channel(1);
        (Growth { wake, nearly: Arc::default(), pages: 0, commits: 0, due: SOON }, woken)
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
        assert!(grow(&mut growth, 4, SOON - 4).is_empty());
        assert!(woken.try_recv().is_err());
    }

    #[test]
    fn small_commits_are_brought_in_without_waiting_for_a_pause_and_large_ones_with() {
        let (mut small, woken_by_small) = growth();
        grow(&mut small, 4, SOON);
        assert_eq!(woken_by_small.try_recv(), Ok(true));
        let (mut large, woken_by_large) = growth();
        grow(&mut large, 512, SOON);
        assert_eq!(woken_by_large.try_recv(), Ok(false));
    }

    #[test]
    fn the_writer_brings_in_what_the_thread_left_and_then_not_before_the_log_has_grown_again() {
        let (mut growth, woken) = growth();
        grow(&mut growth, 4, SOON);
        woken.recv().unwrap();
        growth.nearly.store(true, Ordering::Relaxed);
        assert!(growth.is_for_the_writer(SOON + 4));
        assert!(!growth.is_for_the_writer(SOON + 8));
        assert!(woken.try_recv().is_err(), "a reader holds the log, and it has not grown much since");
        assert!(!growth.is_for_the_writer(2 * SOON + 4));
        assert_eq!(woken.try_recv(), Ok(true));
    }

    #[test]
    fn a_log_that_began_anew_counts_from_its_beginning() {
        let (mut growth, woken) = growth();
        grow(&mut growth, 4, SOON);
        woken.recv().unwrap();
        growth.nearly.store(true, Ordering::Relaxed);
        assert!(growth.is_for_the_writer(SOON + 4));
        assert!(grow(&mut growth, 4, SOON - 4).is_empty());
        assert!(woken.try_recv().is_err());
        grow(&mut growth, SOON, SOON);
        assert_eq!(woken.try_recv(), Ok(true));
    }

    #[test]
    fn a_log_that_nothing_shortens_is_the_writers_in_the_end() {
        let (mut growth, _woken) = growth();
        assert_eq!(grow(&mut growth, 512, NOW), [NOW]);
    }
}
