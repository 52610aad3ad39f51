//! Read-only connections: each sees a snapshot of the chain and never waits for the writer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::directory::{Contents, MissingLog, inspect, last};
use super::errors::StoreError;
use super::layout::schema;
use super::log::{FileWatch, ReadPermits};
use super::names;

/// Idle connections kept open.
const IDLE: usize = 8;

/// Concurrent long reads, which take snapshot after snapshot: fewer than there are permits.
const LONG: usize = 12;

/// Read-only connections to a directory's database.
#[derive(Debug)]
pub struct Readers {
    path: PathBuf,
    /// Whether closing a connection leaves the log as it is: it may hold a node's last changes.
    keeps_log: bool,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<ReadPermits>,
    long: Arc<Semaphore>,
    /// Checks that the database is still the writer's.
    watch: Option<Arc<FileWatch>>,
}

impl Readers {
    /// Readers beside the writer of a directory.
    pub(crate) fn beside(directory: &Path, permits: Arc<ReadPermits>, watch: Option<Arc<FileWatch>>) -> Self {
        let long = Arc::new(Semaphore::new(LONG));
        Self {
            path: names::database(directory),
            keeps_log: true,
            idle: Mutex::default(),
            permits,
            long,
            watch,
        }
    }

    /// Readers of an existing ledger.
    ///
    /// # Errors
    ///
    /// [`StoreError::Nothing`], or [`StoreError`] for a file that is not ours or cannot be read.
    pub fn of_existing(directory: &Path, missing_log: MissingLog) -> Result<Self, StoreError> {
        let Contents::Database(found) = inspect::inspect(directory, missing_log)? else {
            return Err(StoreError::Nothing(directory.to_owned()));
        };
        let mut readers = Self::beside(directory, Arc::default(), None);
        // If there is no log, the one that SQLite creates for reading is removed again.
        readers.keeps_log = found.has_log || !found.is_logged;
        let acknowledged = last::acknowledged(directory, &found, missing_log);
        let checked = readers.snapshot(|snapshot| {
            schema::check_current(snapshot)?;
            acknowledged.map_or(Ok(()), |acknowledged| acknowledged.check(snapshot))
        });
        checked.map_err(|error: StoreError| error.locked_in(directory))?;
        Ok(readers)
    }

    /// Reads in one transaction, so that everything belongs together. Waits up to a minute for a permit.
    ///
    /// # Errors
    ///
    /// The error of `read` or of the database.
    pub fn snapshot<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.snapshot_within(Duration::from_secs(60), read)
    }

    /// Reads like [`snapshot`](Self::snapshot), for a client that may be told to retry later.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if no permit becomes free; else as [`snapshot`](Self::snapshot).
    pub fn snapshot_for_client<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.snapshot_within(Duration::from_secs(5), read)
    }

    fn snapshot_within<T, E: From<StoreError>>(
        &self,
        patience: Duration,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _permit = self.permits.acquire(patience)?;
        let mut connection = self.connection()?;
        let answer = read(&connection.transaction().map_err(StoreError::from)?);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
        answer
    }

    /// Waits for a permit for a long read.
    pub async fn long(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.long).acquire_owned().await.ok()
    }

    fn connection(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.connect(), Ok)
    }

    /// Opens a connection, unless the files were replaced. Idle connections still read the old files.
    fn connect(&self) -> Result<Connection, StoreError> {
        self.watch.as_ref().map_or(Ok(()), |watch| watch.check())?;
        // Even a reader writes to the log's shared memory.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, self.keeps_log)?;
        schema::prepare_reader(&connection)?;
        Ok(connection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::store;

    #[test]
    fn directory_without_a_ledger_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let none = Readers::of_existing(directory.path(), MissingLog::Refused);
        assert!(matches!(none, Err(StoreError::Nothing(path)) if path == directory.path()));
    }

    #[test]
    fn log_stays_unless_it_was_made_for_reading() {
        let directory = tempfile::tempdir().unwrap();
        let used = store(directory.path());
        let readers = || Readers::of_existing(directory.path(), MissingLog::Accepted).unwrap();
        let log = directory.path().join("ledger.db-wal");
        assert!(readers().keeps_log, "the log has the last changes");
        drop(used);
        assert!(readers().keeps_log && !log.exists(), "there is no log");
        let connection = Connection::open(names::database(directory.path())).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        drop(connection);
        drop(readers());
        assert!(!log.exists(), "the log was made for reading");
    }

    #[test]
    fn snapshots_cannot_write_and_few_connections_stay_open() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        let readers = store.readers(directory.path());
        let written: Result<usize, StoreError> =
            readers.snapshot(|snapshot| Ok(snapshot.execute("DELETE FROM blocks", [])?));
        written.unwrap_err();
        let together = std::sync::Barrier::new(IDLE + 1);
        let read = || {
            readers.snapshot_for_client(|_| {
                together.wait();
                Ok::<_, StoreError>(())
            })
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..=IDLE).map(|_| scope.spawn(read)).collect();
            threads.into_iter().for_each(|thread| thread.join().unwrap().unwrap());
        });
        assert_eq!(readers.idle.lock().unwrap().len(), IDLE);
    }

    #[tokio::test]
    async fn long_readers_are_limited() {
        let directory = tempfile::tempdir().unwrap();
        let readers = Readers::beside(directory.path(), Arc::default(), None);
        let mut permits = Vec::new();
        for _ in 0..LONG {
            permits.push(readers.long().await.unwrap());
        }
        let waiting = tokio::time::timeout(Duration::ZERO, readers.long());
        assert!(waiting.await.is_err());
        permits.pop();
        assert!(readers.long().await.is_some());
    }
}
