//! Connections for readers: each sees the chain as it was when it began to read, and waits for nobody.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::directory::{Found, MissingLog, inspect, last};
use super::errors::StoreError;
use super::layout::schema;
use super::log::{FileWatch, ReadPermits};
use super::names;

/// How many idle connections are kept.
const IDLE: usize = 8;

/// How many of those who read for long, again and again, may do so at a time: fewer than there are permits.
const LONG: usize = 12;

/// Read-only connections to a directory's database.
#[derive(Debug)]
pub struct Readers {
    path: PathBuf,
    /// Whether the log is left to others: a node's last changes must not go from it.
    keeps_log: bool,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<ReadPermits>,
    long: Arc<Semaphore>,
    /// Whether the database is still the one that the writer has open.
    watch: Option<Arc<FileWatch>>,
}

impl Readers {
    /// Readers of the database in a directory, beside whoever writes it.
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

    /// Readers of a database that must be there already, and ours.
    ///
    /// # Errors
    ///
    /// [`StoreError::Nothing`], or [`StoreError`] for a file that is not ours or not readable.
    pub fn of_existing(directory: &Path, missing_log: MissingLog) -> Result<Self, StoreError> {
        let Found::Database(found) = inspect::inspect(directory, missing_log)? else {
            return Err(StoreError::Nothing(directory.to_owned()));
        };
        let mut readers = Self::beside(directory, Arc::default(), None);
        // A log that SQLite makes only to read goes again.
        readers.keeps_log = found.has_log || !found.is_logged;
        let acknowledged = last::acknowledged(directory, &found, missing_log);
        let checked = readers.snapshot(|snapshot| {
            schema::check_current(snapshot)?;
            acknowledged.map_or(Ok(()), |acknowledged| acknowledged.check(snapshot))
        });
        checked.map_err(|error: StoreError| error.locked_in(directory))?;
        Ok(readers)
    }

    /// Reads in one transaction, so that everything read belongs together. Waits for a place as long as it takes,
    /// within reason.
    ///
    /// # Errors
    ///
    /// What `read` answers, or what the database does.
    pub fn snapshot<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.snapshot_within(Duration::from_secs(60), read)
    }

    /// Reads like [`snapshot`](Self::snapshot), for a client that may be told to come later.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if there is no place for long; else as [`snapshot`](Self::snapshot).
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

    /// Waits until one of those who read for long may do so.
    pub async fn long(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.long).acquire_owned().await.ok()
    }

    fn connection(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.connect(), Ok)
    }

    /// A new connection, unless other files are in the place of those that are open. Idle connections still read those.
    fn connect(&self) -> Result<Connection, StoreError> {
        self.watch.as_ref().map_or(Ok(()), |watch| watch.check())?;
        // The file of a write-ahead log is shared memory, which even a reader writes to.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, self.keeps_log)?;
        schema::prepare_reader(&connection)?;
        Ok(connection)
    }
}
