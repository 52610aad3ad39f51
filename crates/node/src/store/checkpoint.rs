//! Bringing the write-ahead log into the database, on a thread of its own so that no change waits for it.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::{DATABASE, StoreError};

/// From how many pages on the log is brought in: 64 MiB.
const SOON: i32 = 2_048;

/// From how many pages on the writer brings it in itself after each commit, as far as readers let it: 1 GiB.
const NOW: i32 = 32_768;

/// How long no change makes a pause.
const PAUSE: Duration = Duration::from_millis(200);

/// How long a pause is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes a connection's commits bring in the log when it has grown.
pub(super) fn attach(connection: &mut Connection, directory: &Path) -> Result<(), StoreError> {
    let wake = start(directory)?;
    connection.wal_hook(Some(move |log: &mut Wal, pages: i32| {
        if pages >= NOW {
            // The commit has happened; that the log stays long for now must not make it look failed.
            let _ = log.checkpoint();
        } else if pages >= SOON {
            // A full channel means that the thread is at it.
            let _ = wake.try_send(());
        }
        Ok(())
    }))?;
    Ok(())
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

/// Waits until the writer pauses, since a burst of changes is over sooner without competition for the disk.
fn await_quiet(woken: &Receiver<()>) {
    let patience = Instant::now() + PATIENCE;
    while Instant::now() < patience && woken.recv_timeout(PAUSE).is_ok() {}
}

/// Starts the thread; it ends with the connection it was attached to.
fn start(directory: &Path) -> Result<SyncSender<()>, StoreError> {
    let database = directory.join(DATABASE);
    let (wake, woken) = sync_channel(1);
    let work = move || {
        while woken.recv().is_ok() {
            await_quiet(&woken);
            if let Err(error) = bring_in(&database) {
                tracing::warn!("the write-ahead log was not brought into the database yet: {error}");
            }
        }
    };
    let started = std::thread::Builder::new().name("checkpoint".into()).spawn(work);
    started.map_err(|error| StoreError::Directory { path: directory.to_owned(), error })?;
    Ok(wake)
}

/// Brings the log in over a connection of its own: one kept open would outlive the writer's, whose end brings in the rest.
fn bring_in(database: &Path) -> rusqlite::Result<()> {
    Connection::open(database)?.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
