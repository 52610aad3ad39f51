//! Bringing the write-ahead log into the database: a short one often, a long one on a thread of its own.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};

use super::places::Places;
use super::policy::{CheckpointBy, CheckpointPolicy, Load, OFTEN};
use super::watch::Watch;
use crate::store::errors::{Holder, StoreError};
use crate::store::names;
use crate::system::files::{self, Links};

/// How long no change makes a pause.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a pause is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long readers are kept out at the most.
const CLOSED: Duration = Duration::from_secs(2);

/// How long the thread waits for the writer meanwhile.
const AGAIN: Duration = Duration::from_millis(10);

/// Makes a connection's commits bring in the log when it has grown. Answers the thread that does it.
pub(crate) fn attach(
    connection: &mut Connection,
    directory: &Path,
    readers: Arc<Places>,
    watch: Arc<Watch>,
) -> Result<JoinHandle<()>, StoreError> {
    let (nearly, begun) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let log = Log {
        database: names::database(directory),
        nearly: Arc::clone(&nearly),
        begun: Arc::clone(&begun),
        readers,
        watch,
    };
    let (wake, thread) = start(directory, log)?;
    let (mut policy, mut last) = (CheckpointPolicy::new(wake, nearly), 0);
    connection.wal_hook(Some(move |log: &mut Wal, pages: i32| {
        if pages < std::mem::replace(&mut last, pages) {
            begun.fetch_add(1, Ordering::Relaxed);
        }
        if policy.record_commit(pages) == CheckpointBy::Writer {
            // The commit has happened; that the log stays long for now must not make it look failed.
            let _ = log.checkpoint();
        }
        Ok(())
    }))?;
    Ok(thread)
}

/// Ends what [`attach`] began, before the connection is closed: the last one to be closed brings in the whole log.
pub(crate) fn detach(connection: &mut Connection, thread: JoinHandle<()>) {
    if connection.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>).is_ok() {
        let _ = thread.join();
    }
}

/// Starts a thread that flushes the log while a chain is staged, so that the adoption's commit finds little
/// left to flush. The commit flushes what is left itself: nothing relies on this thread.
pub(crate) fn start_flusher(directory: &Path) -> Result<SyncSender<()>, StoreError> {
    let log = names::companion(&names::database(directory), "-wal");
    let (wake, woken) = sync_channel::<()>(1);
    let work = move || {
        while woken.recv().is_ok() {
            // A log that cannot be flushed now will fail the commit, which says so.
            let log = files::open_regular(&log, OpenOptions::new().read(true), Links::Followed);
            let _ = log.and_then(|log| log.sync_data());
        }
    };
    let started = std::thread::Builder::new().name("flush".into()).spawn(work);
    started.map_err(|error| StoreError::Directory { path: directory.to_owned(), error })?;
    Ok(wake)
}

/// Waits until the writer pauses, since a burst of changes is over sooner without competition for the disk;
/// false if it has ended, and with it the log.
fn await_quiet(woken: &Receiver<Load>) -> bool {
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
fn start(directory: &Path, log: Log) -> Result<(SyncSender<Load>, JoinHandle<()>), StoreError> {
    let (wake, woken) = sync_channel::<Load>(1);
    let work = move || {
        let mut outsider = None;
        while let Ok(load) = woken.recv() {
            if load == Load::Bursty && !await_quiet(&woken) {
                return;
            }
            let mut left = log.bring_in();
            let begun = log.begun.load(Ordering::Relaxed);
            if left > 0 && outsider != Some(begun) {
                left = log.bring_in_without_readers();
                outsider = (left > 0).then_some(begun);
                if left > 0 {
                    log.warn_of_reader();
                }
            }
            log.nearly.store(load == Load::Steady && left < OFTEN, Ordering::Relaxed);
        }
    };
    let started = std::thread::Builder::new().name("checkpoint".into()).spawn(work);
    let thread = started.map_err(|error| StoreError::Directory { path: directory.to_owned(), error })?;
    Ok((wake, thread))
}

/// The write-ahead log, as the thread sees it.
struct Log {
    database: PathBuf,
    /// Tells the writer that little is left to be brought in.
    nearly: Arc<AtomicBool>,
    /// How often the log began anew.
    begun: Arc<AtomicU64>,
    readers: Arc<Places>,
    watch: Arc<Watch>,
}

impl Log {
    /// Brings the log in, and answers how many pages were left because somebody reads an older state.
    fn bring_in(&self) -> i32 {
        // A log must get into no other database than its own. Why it does not, the log of the node says.
        if self.watch.check().is_err() {
            return 0;
        }
        let left = bring_in(&self.database).unwrap_or_else(|error| {
            tracing::warn!("WAL checkpoint failed, will retry: {error}");
            0
        });
        let _ = self.watch.check();
        left
    }

    /// Brings the log in while nobody of this process reads, so that it can begin anew; readers and writer together
    /// would keep it growing. Answers how many pages a program outside still holds.
    fn bring_in_without_readers(&self) -> i32 {
        let _closed = self.readers.close(CLOSED);
        let (begun, patience) = (self.begun.load(Ordering::Relaxed), Instant::now() + CLOSED);
        loop {
            let left = self.bring_in();
            let is_done = left == 0 || self.begun.load(Ordering::Relaxed) != begun;
            if is_done || Instant::now() >= patience {
                return if is_done { 0 } else { left };
            }
            // The writer does the rest with its next commit, and the log begins anew with the one after.
            self.nearly.store(true, Ordering::Relaxed);
            std::thread::sleep(AGAIN);
        }
    }

    /// Says that another program keeps the log from beginning anew.
    fn warn_of_reader(&self) {
        let log = format!("{}-wal", self.database.display());
        let mebibytes = std::fs::metadata(&log).map_or(0, |log| log.len() >> 20);
        let holder = Holder::who_reads(&self.database);
        tracing::warn!(
            "{holder} has been reading ledger.db for long: {log} grows, and has {mebibytes} MiB; close it"
        );
    }
}

/// Brings the log in, as far as readers let it, and answers how many pages are left. It has a connection of
/// its own: one kept open would outlive the writer's, whose end brings in the rest.
fn bring_in(database: &Path) -> rusqlite::Result<i32> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(row.get::<_, i32>(1)?.saturating_sub(row.get(2)?))
    })
}
