//! What lies in a data directory, looked at before the database is opened: a refusal must change no file.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::{DATABASE, StoreError, schema};
use crate::files::{self, Links};

/// What stands beside a database: its write-ahead log, shared memory and rollback journal.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What a SQLite file begins with (<https://sqlite.org/fileformat2.html>, section 1.3).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Where the header holds the number that says whose file it is.
const APPLICATION_ID: std::ops::Range<usize> = 68..72;

/// The length of the header.
const HEADER: usize = 100;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing of a ledger.
    Nothing,
    /// A database.
    Database,
}

/// Looks at the database of a directory and what stands beside it. Changes nothing, and never waits.
///
/// # Errors
///
/// [`StoreError`] for files that cannot be a ledger's, or that have lost what belongs to them.
pub(super) fn look(directory: &Path) -> Result<Found, StoreError> {
    let mut companions = Vec::new();
    for companion in COMPANIONS.map(|suffix| format!("{DATABASE}{suffix}")) {
        if is_there(directory, &companion)? {
            companions.push(companion);
        }
    }
    if is_there(directory, DATABASE)? {
        return check_header(directory).map(|()| Found::Database);
    }
    // Shared memory alone holds nothing: SQLite makes it anew.
    companions.retain(|name| !name.ends_with("-shm"));
    match companions.first() {
        None => Ok(Found::Nothing),
        Some(companion) => {
            Err(StoreError::Orphan { directory: directory.into(), companion: companion.clone() })
        }
    }
}

fn is_there(directory: &Path, name: &str) -> Result<bool, StoreError> {
    let path = directory.join(name);
    match files::check_regular(&path, Links::Followed) {
        Ok(found) => Ok(found.is_some()),
        Err(error) if error.kind() == ErrorKind::InvalidInput => Err(StoreError::File { path, error }),
        Err(error) => Err(StoreError::Directory { path, error }),
    }
}

/// Refuses a file that is empty or somebody else's.
fn check_header(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join(DATABASE);
    let mut header = Vec::with_capacity(HEADER);
    let read = files::open_regular(&path, OpenOptions::new().read(true), Links::Followed)
        .and_then(|file| file.take(HEADER as u64).read_to_end(&mut header));
    match read {
        Err(error) => Err(StoreError::File { path, error }),
        Ok(0) => Err(StoreError::Empty(directory.to_owned())),
        Ok(_) if !header.starts_with(MAGIC) => Err(StoreError::NotOurs),
        Ok(_) => check_application(header.get(APPLICATION_ID)),
    }
}

/// Refuses another program's number. None yet is not refused here: a log may hold it, which SQLite reads.
fn check_application(id: Option<&[u8]>) -> Result<(), StoreError> {
    let id = id.and_then(|id| id.try_into().ok()).map(i32::from_be_bytes);
    if matches!(id, Some(0 | schema::APPLICATION_ID)) { Ok(()) } else { Err(StoreError::NotOurs) }
}
