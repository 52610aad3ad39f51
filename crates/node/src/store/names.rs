//! What the files of a data directory are called.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The database.
pub(crate) const DATABASE: &str = "ledger.db";

/// A database that is not complete. A process that was killed may leave one behind.
pub(crate) const INCOMPLETE: &str = "ledger.db.new";

/// What a node acknowledged last.
pub(crate) const LAST: &str = "ledger.last";

/// The file whose lock keeps other nodes out.
pub(crate) const LOCK: &str = "node.lock";

/// What stands beside a database: its write-ahead log, shared memory and rollback journal.
pub(crate) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Where the database of a directory really is: SQLite looks beside the file, not beside a link to it.
pub(crate) fn database(directory: &Path) -> PathBuf {
    let path = directory.join(DATABASE);
    std::fs::canonicalize(&path).unwrap_or(path)
}

/// A file that belongs to a database.
pub(crate) fn companion(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}
