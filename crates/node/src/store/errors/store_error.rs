//! What can go wrong with the disk, in words for whoever runs the node.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use ledger_core::ParseError;
use rusqlite::{ErrorCode, ffi};

use super::displaced::Displaced;
use super::holder::Holder;
use crate::store::names::DATABASE;
use crate::system::disk_error::{self, plain};

/// Why the store cannot be used, or a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The directory cannot be made or its files not opened.
    #[error("cannot use the data directory {path}: {}; or choose another with --data-dir", plain(error))]
    Directory {
        /// The directory or file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// A file in the directory is not one that can be used.
    #[error("cannot use {path}: {}", plain(error))]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// Another process has the directory.
    #[error("the data directory {0} is in use by another node; stop it, or choose another with --data-dir")]
    InUse(PathBuf),
    /// There is no ledger in the directory.
    #[error("there is no ledger in {0}; name its directory with --data-dir")]
    Nothing(PathBuf),
    /// The file is of an older version.
    #[error("ledger.db has layout {version}, and this program uses {supported}; start a node with it once")]
    Older {
        /// The layout of the file.
        version: usize,
        /// The layout used.
        supported: usize,
    },
    /// The file has lost all that it held.
    #[error(
        "ledger.db in {0} is empty, and no node leaves it like that; restore a backup with \
         `node import FILE --data-dir NEW`, or remove ledger.db to begin a new chain"
    )]
    Empty(PathBuf),
    /// The database has lost its chain.
    #[error(
        "ledger.db in {0} holds no block, and no node leaves it like that; restore a backup with \
         `node import FILE --data-dir NEW`, or move ledger.db away to begin a new chain"
    )]
    NoChain(PathBuf),
    /// What belongs to a database lies there without it.
    #[error(
        "{companion} is in {directory} without its ledger.db, and may hold its last changes; put ledger.db back, \
         or move {companion} away to begin a new chain"
    )]
    Orphan {
        /// The directory.
        directory: PathBuf,
        /// The file that is left.
        companion: String,
    },
    /// The log beside the database is another database's.
    #[error(
        "ledger.db-wal in {0} belongs to another ledger.db than the one beside it, and would overwrite it; if this ledger.db \
         is a backup that you want to use, move ledger.db-wal away, else put the ledger.db back that was there before; \
         nothing was changed"
    )]
    ForeignLog(PathBuf),
    /// The database was in use, and its log is missing.
    #[error(
        "ledger.db in {0} lacks the last changes of its node: it was copied while the node ran, or the node was killed, and \
         ledger.db-wal, which has them, is not beside it; put it there, or restore a backup with \
         `node import FILE --data-dir NEW`; to go on without the last changes, start once with --accept-missing-log; \
         nothing was changed"
    )]
    LostLog(PathBuf),
    /// The log lacks its end, or is an older copy.
    #[error(
        "ledger.db-wal in {directory} lacks the last changes of its node, which had block {height}: it was cut off, or is an \
         older copy; put its own ledger.db-wal there, or restore a backup with `node import FILE --data-dir NEW`; to go \
         on without the last changes, start once with --accept-missing-log"
    )]
    CutLog {
        /// The directory.
        directory: PathBuf,
        /// The last block that the node acknowledged.
        height: u64,
    },
    /// The file is some other program's.
    #[error("ledger.db is not a ledger of this program; choose another directory with --data-dir")]
    NotOurs,
    /// The file was made by a newer version.
    #[error(
        "ledger.db has layout {version}, and this program knows layouts up to {supported}; use a newer program"
    )]
    Newer {
        /// The layout of the file.
        version: usize,
        /// The newest layout known.
        supported: usize,
    },
    /// Nobody may begin to read for now.
    #[error("overloaded: too many read the chain at once; retry later")]
    Busy,
    /// The disk is full.
    #[error("the disk is full; nothing was changed")]
    Full,
    /// A neighbour's chain would leave too little of the disk for all else.
    #[error(
        "a neighbour's chain needs more room than the half of the disk's free space that neighbours may take; make \
         room; nothing was changed"
    )]
    NoRoom,
    /// The disk does not take or give what it should.
    #[error("{}; nothing was changed", plain(.0))]
    Disk(io::Error),
    /// The file may not be written.
    #[error("ledger.db cannot be written; check its permissions and those of its directory")]
    ReadOnly,
    /// Another program keeps everybody else from writing, or from reading.
    #[error(
        "another program holds ledger.db locked: sqlite3, a browser of databases, a backup; nothing was changed; \
         retry when it is closed"
    )]
    Locked,
    /// The same, for whoever can see the machine.
    #[error("{} holds {path} locked; close it, or wait until it is done", .holder)]
    LockedBy {
        /// The database.
        path: PathBuf,
        /// The other program.
        holder: Holder,
    },
    /// The files that are open are no longer those in the directory.
    #[error(transparent)]
    Displaced(#[from] Displaced),
    /// A small table is not as it was written.
    #[error(
        "the table {table} of ledger.db was changed while no node ran: it has {found} rows, and {kept} were written; \
         restore the file, or take the table as it is: sqlite3 ledger.db \"DELETE FROM seals WHERE name = '{table}'\""
    )]
    Unsealed {
        /// The table.
        table: &'static str,
        /// How many rows it has.
        found: u64,
        /// How many rows were written.
        kept: u64,
    },
    /// Something stored was found wrong while the node ran.
    #[error("the stored chain was found damaged: the node takes no more changes and stops")]
    Closed,
    /// Something stored is not what it should be.
    #[error("ledger.db is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: String,
        /// Why, if another error says it.
        #[source]
        cause: Option<Box<dyn Error + Send + Sync>>,
    },
    /// Any other failure of the database.
    #[error("the database failed: {0}")]
    Database(rusqlite::Error),
}

impl StoreError {
    /// What the system says about a file in the data directory.
    pub fn directory(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull => Self::Full,
            _ => Self::Directory { path: path.to_owned(), error },
        }
    }

    /// The same, with the path and the other program if it is about a lock: for whoever starts a node or a command.
    pub(crate) fn locked_in(self, directory: &Path) -> Self {
        match self {
            Self::Locked => {
                let path = directory.join(DATABASE);
                let path = std::path::absolute(&path).unwrap_or(path);
                Self::LockedBy { holder: Holder::who_keeps_out(&path), path }
            }
            other => other,
        }
    }

    /// Something stored is wrong: what.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into(), cause: None }
    }

    /// Something stored is wrong: what, and the error that says why.
    pub(crate) fn damaged_by(what: impl Into<String>, cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Damaged { what: what.into(), cause: Some(Box::new(cause)) }
    }

    /// What is wrong with the block stored at a height.
    pub(crate) fn block(height: u64, error: ParseError) -> Self {
        Self::damaged_by(format!("block {height}"), error)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // The number that SQLite itself takes for its sqlite3_system_errno: nothing has failed since.
        let system = io::Error::last_os_error();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::FileLockingProtocolFailed) => Self::Locked,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => of_the_system(error, system),
            Some(ErrorCode::NotADatabase) => Self::NotOurs,
            Some(ErrorCode::DatabaseCorrupt) => Self::damaged(format!(
                "{error}; if it or its ledger.db-wal was copied while a node ran, the copies do not fit each other; restore \
                 a backup with `node import FILE --data-dir NEW`"
            )),
            _ => Self::Database(error),
        }
    }
}

/// What a failed access to a file was, by what the system said.
fn of_the_system(error: rusqlite::Error, system: io::Error) -> StoreError {
    if error.sqlite_extended_error_code() == Some(ffi::SQLITE_IOERR_SHORT_READ) {
        return StoreError::damaged("it or its log ends too early; somebody has shortened it");
    }
    match system.kind() {
        io::ErrorKind::StorageFull => StoreError::Full,
        // An old number: SQLite also asks for files that need not be there.
        io::ErrorKind::NotFound if error.sqlite_error_code() != Some(ErrorCode::CannotOpen) => {
            StoreError::Database(error)
        }
        _ if disk_error::is_known(&system) => StoreError::Disk(system),
        _ => StoreError::Database(error),
    }
}
