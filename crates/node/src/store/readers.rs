//! Connections for readers: each sees the chain as it was when it began to read, and waits for nobody.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction};

use super::{DATABASE, StoreError, look, schema};

/// How many idle connections are kept.
const IDLE: usize = 8;

/// Read-only connections to a directory's database.
#[derive(Debug)]
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

/// Some consecutive blocks' texts, joined by commas.
#[derive(Debug, Default)]
pub struct Page {
    /// The texts.
    pub texts: Vec<u8>,
    /// How many blocks they are.
    pub blocks: u64,
}

impl Readers {
    /// Readers of the database in a directory.
    pub fn new(directory: &Path) -> Self {
        Self { path: directory.join(DATABASE), idle: Mutex::default() }
    }

    /// Readers of a database that must be there already, and ours.
    ///
    /// # Errors
    ///
    /// [`StoreError::Nothing`], or [`StoreError`] for a file that is not ours or not readable.
    pub fn of_existing(directory: &Path) -> Result<Self, StoreError> {
        let readers = Self::new(directory);
        if look::look(directory)? == look::Found::Nothing {
            return Err(StoreError::Nothing(directory.to_owned()));
        }
        readers.snapshot(|snapshot| schema::check_current(snapshot))?;
        Ok(readers)
    }

    /// Reads in one transaction, so that everything read belongs together.
    ///
    /// # Errors
    ///
    /// What `read` answers, or what the database does.
    pub fn snapshot<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection()?;
        let answer = read(&connection.transaction().map_err(StoreError::from)?);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
        answer
    }

    fn connection(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.connect(), Ok)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        // The file of a write-ahead log is shared memory, which even a reader writes to.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        schema::prepare_reader(&connection)?;
        Ok(connection)
    }
}

/// How many blocks a snapshot's chain has.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn length(snapshot: &Connection) -> Result<u64, StoreError> {
    Ok(snapshot.query_row("SELECT coalesce(max(height), 0) FROM blocks", [], |row| row.get(0))?)
}

/// Hands over the texts of the blocks from a height on, in pages of at least `bytes` until `page` says to stop.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn pages(
    snapshot: &Connection,
    from: u64,
    blocks: u64,
    bytes: usize,
    mut page: impl FnMut(Page) -> std::ops::ControlFlow<()>,
) -> Result<(), StoreError> {
    let mut select =
        snapshot.prepare_cached("SELECT text FROM blocks WHERE height >= ?1 ORDER BY height LIMIT ?2")?;
    let limit = i64::try_from(blocks).unwrap_or(i64::MAX);
    let mut rows = select.query((i64::try_from(from).unwrap_or(i64::MAX), limit))?;
    let mut current = Page::default();
    let mut first = true;
    while let Some(row) = rows.next()? {
        if !std::mem::take(&mut first) {
            current.texts.extend_from_slice(b", ");
        }
        let text = row.get_ref(0)?.as_bytes().map_err(|error| StoreError::Damaged(error.to_string()))?;
        current.texts.extend_from_slice(text);
        current.blocks += 1;
        if current.texts.len() >= bytes && page(std::mem::take(&mut current)).is_break() {
            return Ok(());
        }
    }
    if current.blocks > 0 {
        let _ = page(current);
    }
    Ok(())
}
