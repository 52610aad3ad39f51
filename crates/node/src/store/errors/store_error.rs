//! Errors of the store, in words for the person who runs the node.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use ledger_core::ParseError;
use rusqlite::{ErrorCode, ffi};

use super::displaced::Displaced;
use super::holder::Holder;
use crate::store::names::DATABASE;
use crate::system::disk_error::{self, plain};

/// Why the store cannot be used, or a change failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The directory cannot be created, or its files cannot be opened.
    #[error("cannot use the data directory {path}: {}; or choose another with --data-dir", plain(error))]
    Directory {
        /// The directory or file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file in the directory is not usable.
    #[error("cannot use {path}: {}", plain(error))]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another process uses the directory.
    #[error("the data directory {0} is in use by another node; stop it, or choose another with --data-dir")]
    InUse(PathBuf),
    /// The directory has no ledger.
    #[error("there is no ledger in {0}; name its directory with --data-dir")]
    Nothing(PathBuf),
    /// The file has an older layout.
    #[error("ledger.db has layout {version}, and this program uses {supported}; start a node on it once")]
    Older {
        /// The layout of the file.
        version: usize,
        /// The current layout.
        supported: usize,
    },
    /// The file is empty.
    #[error(
        "ledger.db in {0} is empty, but a node never writes an empty one; restore a backup with \
         `node import FILE --data-dir NEW`, or remove ledger.db to begin a new chain"
    )]
    Empty(PathBuf),
    /// The database has no chain.
    #[error(
        "ledger.db in {0} holds no block, but every chain has at least a genesis; restore a backup with \
         `node import FILE --data-dir NEW`, or move ledger.db away to begin a new chain"
    )]
    NoChain(PathBuf),
    /// A companion file without its database.
    #[error(
        "{companion} is in {directory} without its ledger.db, and may hold its last changes; put ledger.db back, \
         or move {companion} away to begin a new chain"
    )]
    Orphan {
        /// The directory.
        directory: PathBuf,
        /// The companion file.
        companion: String,
    },
    /// The log belongs to another database.
    #[error(
        "ledger.db-wal in {0} belongs to another ledger.db, and would overwrite the one beside it; if this ledger.db is \
         the backup that you want, move ledger.db-wal away; otherwise put back the ledger.db that was there before; \
         nothing was changed"
    )]
    ForeignLog(PathBuf),
    /// The rollback journal belongs to another database.
    #[error(
        "ledger.db-journal in {0} belongs to another ledger.db, and would overwrite the one beside it; move \
         ledger.db-journal away, or put back the ledger.db that was there before; nothing was changed"
    )]
    ForeignJournal(PathBuf),
    /// The database was open, and its log is missing.
    #[error(
        "ledger.db in {0} lacks its node's last changes: they are in ledger.db-wal, which is missing (the database was copied \
         while the node ran, or the node was killed); put ledger.db-wal back, or restore a backup with \
         `node import FILE --data-dir NEW`; to go on without the last changes, start once with --accept-missing-log; \
         nothing was changed"
    )]
    LostLog(PathBuf),
    /// The log is truncated, or an older copy.
    #[error(
        "ledger.db-wal in {directory} lacks its node's last changes, up to block {height}: it was truncated, or is an older \
         copy; put the right ledger.db-wal back, or restore a backup with `node import FILE --data-dir NEW`; to go \
         on without the last changes, start once with --accept-missing-log"
    )]
    CutLog {
        /// The directory.
        directory: PathBuf,
        /// The last block that the node acknowledged.
        height: u64,
    },
    /// The file belongs to another program.
    #[error("ledger.db is not a ledger of this program; choose another directory with --data-dir")]
    NotOurs,
    /// The file has a newer layout.
    #[error(
        "ledger.db has layout {version}, and this program knows layouts up to {supported}; use a newer program"
    )]
    Newer {
        /// The layout of the file.
        version: usize,
        /// The newest supported layout.
        supported: usize,
    },
    /// Too many readers.
    #[error("overloaded: too many readers; retry later")]
    Busy,
    /// The disk is full.
    #[error("the disk is full; nothing was changed")]
    Full,
    /// A peer's chain would fill the disk.
    #[error(
        "a neighbour's chain needs more than half of the free disk space, which is the limit for neighbours; free some \
         space; nothing was changed"
    )]
    NoRoom,
    /// The disk returned an error.
    #[error("{}; nothing was changed", plain(.0))]
    Disk(io::Error),
    /// The file is read-only.
    #[error("ledger.db cannot be written; check its permissions and those of its directory")]
    ReadOnly,
    /// Another program holds a lock.
    #[error(
        "another program has locked ledger.db: sqlite3, a database browser or a backup; nothing was changed; retry when \
         it is closed"
    )]
    Locked,
    /// [`StoreError::Locked`] with the path and the program, for the user of the machine.
    #[error("{} has locked {path}; close it, or wait until it is done", .holder)]
    LockedBy {
        /// The database.
        path: PathBuf,
        /// The other program.
        holder: Holder,
    },
    /// Open files are no longer those in the directory.
    #[error(transparent)]
    Displaced(#[from] Displaced),
    /// A small table was changed.
    #[error(
        "the table {table} of ledger.db was changed while no node ran (rows written: {kept}, found: {found}); \
         restore the file, or accept the table as it is: sqlite3 ledger.db \"DELETE FROM seals WHERE name = '{table}'\""
    )]
    Unsealed {
        /// The table.
        table: &'static str,
        /// Actual number of rows.
        found: u64,
        /// Number of rows that were written.
        kept: u64,
    },
    /// The stored chain turned out damaged while the node ran.
    #[error("the stored chain is damaged: the node accepts no more changes and stops")]
    Closed,
    /// Stored data is invalid.
    #[error("ledger.db is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: String,
        /// The underlying error, if there is one.
        #[source]
        cause: Option<Box<dyn Error + Send + Sync>>,
    },
    /// Any other error of the database.
    #[error("the database failed: {0}")]
    Database(rusqlite::Error),
}

impl StoreError {
    /// An error of the system about a file in the data directory.
    pub fn directory(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull => Self::Full,
            _ => Self::Directory { path: path.to_owned(), error },
        }
    }

    /// Adds the path and the other program to an error about a lock, for the user who starts a node or a command.
    pub(crate) fn locked_in(self, directory: &Path) -> Self {
        match self {
            Self::Locked => {
                let path = directory.join(DATABASE);
                let path = std::path::absolute(&path).unwrap_or(path);
                Self::LockedBy { holder: Holder::of_write_lock(&path), path }
            }
            other => other,
        }
    }

    /// Invalid stored data.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into(), cause: None }
    }

    /// Invalid stored data, with the underlying error.
    pub(crate) fn damaged_by(what: impl Into<String>, cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Damaged { what: what.into(), cause: Some(Box::new(cause)) }
    }

    /// Invalid data in the block stored at a height.
    pub(crate) fn block(height: u64, error: ParseError) -> Self {
        Self::damaged_by(format!("block {height}"), error)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // The value behind SQLite's sqlite3_system_errno; no other call has failed since.
        let system = io::Error::last_os_error();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::FileLockingProtocolFailed) => Self::Locked,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => of_the_system(error, system),
            Some(ErrorCode::NotADatabase) => Self::NotOurs,
            Some(ErrorCode::DatabaseCorrupt) => Self::damaged(format!(
                "{error}; if it or its ledger.db-wal was copied while a node ran, the copies do not match; restore \
                 a backup with `node import FILE --data-dir NEW`"
            )),
            _ => Self::Database(error),
        }
    }
}

/// Translates a failed file access according to the system's error.
fn of_the_system(error: rusqlite::Error, system: io::Error) -> StoreError {
    if error.sqlite_extended_error_code() == Some(ffi::SQLITE_IOERR_SHORT_READ) {
        return StoreError::damaged("it or its log was truncated");
    }
    match system.kind() {
        io::ErrorKind::StorageFull => StoreError::Full,
        // A stale number: SQLite also looks for optional files.
        io::ErrorKind::NotFound if error.sqlite_error_code() != Some(ErrorCode::CannotOpen) => {
            StoreError::Database(error)
        }
        _ if disk_error::is_known(&system) => StoreError::Disk(system),
        _ => StoreError::Database(error),
    }
}

#[cfg(test)]
mod tests;
