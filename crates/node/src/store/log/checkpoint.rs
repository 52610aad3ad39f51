//! WAL checkpoints: the writer runs short ones often; a thread runs the long ones.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};

use super::permits::ReadPermits;
use super::policy::{CheckpointBy, CheckpointPolicy, Load, WRITER_FROM};
use super::watch::FileWatch;
use crate::store::errors::{Holder, StoreError};
use crate::store::names;
use crate::system::causes::with_causes;
use crate::system::files::{self, Links};

/// Without commits for this long, the writer counts as idle.
const IDLE: Duration = Duration::from_secs(1);

/// Longest wait for the writer to become idle.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest pause of readers.
const READER_PAUSE: Duration = Duration::from_secs(2);

/// Retry interval while readers are paused.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// Installs the hook that checkpoints a growing log after a commit. Returns the checkpoint thread.
pub(crate) fn attach(
    connection: &mut Connection,
    directory: &Path,
    readers: Arc<ReadPermits>,
    watch: Arc<FileWatch>,
) -> Result<JoinHandle<()>, StoreError> {
    let (nearly_done, restarts) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let page = page_bytes(connection)?;
    let log = Checkpointer {
        database: names::database(directory),
        nearly_done: Arc::clone(&nearly_done),
        restarts: Arc::clone(&restarts),
        readers,
        watch,
    };
    let (wake, thread) = start(directory, log)?;
    let mut policy = CheckpointPolicy::new(wake, nearly_done, restarts);
    connection.wal_hook(Some(move |log: &mut Wal, pages: i32| {
        if policy.record_commit(bytes(pages, page)) == CheckpointBy::Writer {
            // The commit succeeded. A failed checkpoint only leaves the log long.
            let _ = log.checkpoint();
        }
        Ok(())
    }))?;
    Ok(thread)
}

/// The page size of a database, in bytes.
fn page_bytes(connection: &Connection) -> rusqlite::Result<u64> {
    connection.pragma_query_value(None, "page_size", |row| row.get(0))
}

/// The bytes of pages that have `page` bytes each.
fn bytes(pages: i32, page: u64) -> u64 {
    u64::try_from(pages).unwrap_or(0) * page
}

/// Undoes [`attach`]. Call it before the connection is closed: the last close checkpoints the whole log.
pub(crate) fn detach(connection: &mut Connection, thread: JoinHandle<()>) {
    if connection.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>).is_ok() {
        let _ = thread.join();
    }
}

/// Starts a thread that flushes the log while a chain is staged, so that the adoption's commit has little left to
/// flush. That commit flushes the rest itself: correctness does not depend on this thread.
pub(crate) fn start_flusher(directory: &Path) -> Result<SyncSender<()>, StoreError> {
    let log = names::companion(&names::database(directory), "-wal");
    let (wake, woken) = sync_channel::<()>(1);
    let work = move || {
        while woken.recv().is_ok() {
            // If the log cannot be flushed, the commit fails and reports it.
            let log = files::open_regular(&log, OpenOptions::new().read(true), Links::Followed);
            let _ = log.and_then(|log| log.sync_data());
        }
    };
    let started = std::thread::Builder::new().name("flush".into()).spawn(work);
    started.map_err(|error| StoreError::Directory { path: directory.to_owned(), error })?;
    Ok(wake)
}

/// Waits until the writer is idle: a burst ends sooner without competition for the disk. Returns false if the
/// writer is gone.
fn await_idle(woken: &Receiver<Load>) -> bool {
    let patience = Instant::now() + IDLE_TIMEOUT;
    while Instant::now() < patience {
        match woken.recv_timeout(IDLE) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

/// Starts the thread. It ends with the hook that wakes it.
fn start(directory: &Path, log: Checkpointer) -> Result<(SyncSender<Load>, JoinHandle<()>), StoreError> {
    let (wake, woken) = sync_channel::<Load>(1);
    let work = move || {
        let mut blocked_at = None;
        while let Ok(load) = woken.recv() {
            if load == Load::Bursty && !await_idle(&woken) {
                return;
            }
            log.work_off(load, &mut blocked_at);
        }
    };
    let started = std::thread::Builder::new().name("checkpoint".into()).spawn(work);
    let thread = started.map_err(|error| StoreError::Directory { path: directory.to_owned(), error })?;
    Ok((wake, thread))
}

/// The checkpoint thread's view of the log.
struct Checkpointer {
    database: PathBuf,
    /// Tells the writer that few pages are left.
    nearly_done: Arc<AtomicBool>,
    /// How often the log restarted.
    restarts: Arc<AtomicU64>,
    readers: Arc<ReadPermits>,
    watch: Arc<FileWatch>,
}

impl Checkpointer {
    /// Checkpoints the log, and pauses our readers if it is held back. `blocked_at` is the number of restarts at which
    /// another program was found to hold it back: until the next restart, a pause would be useless.
    fn work_off(&self, load: Load, blocked_at: &mut Option<u64>) {
        let mut left = self.checkpoint();
        let restarts = self.restarts.load(Ordering::Relaxed);
        if left > 0 && *blocked_at != Some(restarts) {
            left = self.checkpoint_without_readers();
            *blocked_at = (left > 0).then_some(restarts);
            if left > 0 {
                self.warn_of_reader();
            }
        }
        self.nearly_done.store(load == Load::Steady && left < WRITER_FROM, Ordering::Relaxed);
    }

    /// Checkpoints the log. Returns the bytes that readers of older snapshots held back.
    fn checkpoint(&self) -> u64 {
        // Never copy a log into a database that is not its own. The check logs the reason.
        if self.watch.check().is_err() {
            return 0;
        }
        let left = checkpoint(&self.database).unwrap_or_else(|error| {
            tracing::warn!("WAL checkpoint failed, will retry: {}", with_causes(&error));
            0
        });
        let _ = self.watch.check();
        left
    }

    /// Checkpoints with this process's readers paused, so that the log can restart: otherwise new readers
    /// would keep it growing. Returns the bytes that another program still holds back.
    fn checkpoint_without_readers(&self) -> u64 {
        let _paused = self.readers.pause(READER_PAUSE);
        let (restarts, patience) = (self.restarts.load(Ordering::Relaxed), Instant::now() + READER_PAUSE);
        loop {
            let left = self.checkpoint();
            let is_done = left == 0 || self.restarts.load(Ordering::Relaxed) != restarts;
            if is_done || Instant::now() >= patience {
                return if is_done { 0 } else { left };
            }
            // The writer checkpoints the rest at its next commit; the commit after that restarts the log.
            self.nearly_done.store(true, Ordering::Relaxed);
            std::thread::sleep(RETRY_INTERVAL);
        }
    }

    /// Warns that another program keeps the log from restarting.
    fn warn_of_reader(&self) {
        let log = format!("{}-wal", self.database.display());
        let mebibytes = std::fs::metadata(&log).map_or(0, |log| log.len() >> 20);
        let holder = Holder::of_read_lock(&self.database);
        tracing::warn!(
            "{log} keeps growing ({mebibytes} MiB): {holder} has been reading ledger.db for a long time; close it"
        );
    }
}

/// Checkpoints as far as readers allow and returns the bytes that are left. Opens its own connection each time: one
/// kept open would outlive the writer's, whose close checkpoints the rest.
fn checkpoint(database: &Path) -> rusqlite::Result<u64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    let left = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(row.get::<_, i32>(1)?.saturating_sub(row.get(2)?))
    })?;
    Ok(bytes(left, page_bytes(&connection)?))
}

#[cfg(test)]
mod tests;
