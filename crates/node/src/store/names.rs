//! Names of the files in a data directory.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The database.
pub(crate) const DATABASE: &str = "ledger.db";

/// An incomplete database. A killed process may leave one.
pub(crate) const INCOMPLETE: &str = "ledger.db.new";

/// The last acknowledged state.
pub(crate) const LAST: &str = "ledger.last";

/// The lock file that keeps other nodes out.
pub(crate) const LOCK: &str = "node.lock";

/// Suffixes of a database's companions: its write-ahead log, shared memory and rollback journal.
pub(crate) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The real path of a directory's database: SQLite puts companions beside the file, not beside a link to it.
pub(crate) fn database(directory: &Path) -> PathBuf {
    let path = directory.join(DATABASE);
    std::fs::canonicalize(&path).unwrap_or(path)
}

/// The path of a companion.
pub(crate) fn companion(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    name.into()
}
