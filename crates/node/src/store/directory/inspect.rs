//! Inspects a data directory before the database is opened: a refusal must not change a file, and SQLite would
//! checkpoint a log or roll back a journal that belongs to another database.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;

use super::condition::{Condition, Contents, MissingLog};
use super::last;
use crate::store::errors::StoreError;
use crate::store::layout::{Header, Log, Mark, State, journal, schema};
use crate::store::names::{self, COMPANIONS, DATABASE, companion};
use crate::system::files::{self, Links};

/// Inspects the database and its companion files. Changes nothing and never waits.
///
/// # Errors
///
/// [`StoreError`] for files that are not a ledger's, are incomplete, or do not belong together.
pub(crate) fn inspect(directory: &Path, missing_log: MissingLog) -> Result<Contents, StoreError> {
    last::check(directory)?;
    let is_there = check(&directory.join(DATABASE))?;
    let database = names::database(directory);
    let mut companions = Vec::new();
    for suffix in COMPANIONS {
        let path = companion(&database, suffix);
        if check(&path)? {
            companions.push((suffix, path));
        }
    }
    if is_there {
        return open(directory, &database, missing_log).map(Contents::Database);
    }
    // The shared memory alone holds nothing: SQLite rebuilds it.
    match companions.iter().find(|(suffix, _)| *suffix != "-shm") {
        None => Ok(Contents::Nothing),
        Some((suffix, _)) => {
            let companion = format!("{DATABASE}{suffix}");
            Err(StoreError::Orphan { directory: directory.into(), companion })
        }
    }
}

/// Whether the path holds a regular file; an error for anything else.
fn check(path: &Path) -> Result<bool, StoreError> {
    match files::check_regular(path, Links::Followed) {
        Ok(found) => Ok(found.is_some()),
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            Err(StoreError::File { path: path.to_owned(), error })
        }
        Err(error) => Err(StoreError::Directory { path: path.to_owned(), error }),
    }
}

/// Reads the database's header and its log's, and checks that they belong together.
fn open(directory: &Path, database: &Path, missing_log: MissingLog) -> Result<Condition, StoreError> {
    let failed = |error| StoreError::File { path: directory.join(DATABASE), error };
    let file =
        files::open_regular(database, OpenOptions::new().read(true), Links::Followed).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    if length == 0 {
        return Err(StoreError::Empty(directory.to_owned()));
    }
    let header = Header::read(&file).map_err(failed)?.ok_or(StoreError::NotOurs)?;
    // Accept a missing application id: it may still be in the log, which SQLite reads.
    if !matches!(header.application, 0 | schema::APPLICATION_ID) {
        return Err(StoreError::NotOurs);
    }
    let mark = header.mark.ok_or(StoreError::NotOurs)?;
    check_journal(directory, database, &header)?;
    let log = log(database)?;
    let has_log = owns(&header, mark, log).ok_or_else(|| StoreError::ForeignLog(directory.to_owned()))?;
    let condition = Condition { mark, is_logged: header.is_logged, has_log };
    if has_log {
        return Ok(condition);
    }
    check_length(database, &header, length)?;
    let is_lost = is_open(&header, mark) && missing_log == MissingLog::Refused;
    if is_lost && !last::vouches(directory, database, mark) {
        return Err(StoreError::LostLog(directory.to_owned()));
    }
    Ok(condition)
}

/// Refuses a rollback journal of another database.
fn check_journal(directory: &Path, database: &Path, header: &Header) -> Result<(), StoreError> {
    let path = companion(database, "-journal");
    match journal::is_foreign(&path, header) {
        Ok(false) => Ok(()),
        Ok(true) => Err(StoreError::ForeignJournal(directory.to_owned())),
        Err(error) => Err(StoreError::File { path, error }),
    }
}

fn log(database: &Path) -> Result<Log, StoreError> {
    let path = companion(database, "-wal");
    match Log::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Log::Empty),
        read => read.map_err(|error| StoreError::File { path, error }),
    }
}

/// Whether the database has a log with changes. `None` if the log belongs to another database.
fn owns(header: &Header, mark: Mark, log: Log) -> Option<bool> {
    let (id, page) = match log {
        Log::Empty => return Some(false),
        Log::Strange if mark.layout < schema::MARKED || mark.state == State::Opening => return Some(true),
        Log::Strange => return None,
        Log::Of(id, page) => (id, page),
    };
    let is_marked = match mark.state {
        _ if mark.layout < schema::MARKED => true,
        _ if !header.is_logged => false,
        State::Opening => true,
        State::Open | State::Closed => id.follows(mark.log),
    };
    (is_marked && page == header.page).then_some(true)
}

/// Whether a node had the database open when the file was last written. A backup made by SQLite is complete, whatever
/// its mark says, and its schema cookie starts from zero.
fn is_open(header: &Header, mark: Mark) -> bool {
    let is_as_written = header.schema >= schema::FIRST_COOKIE;
    mark.layout >= schema::MARKED && mark.state == State::Open && header.is_logged && is_as_written
}

/// Refuses a truncated file, unless there is a journal to repair it from.
fn check_length(database: &Path, header: &Header, length: u64) -> Result<(), StoreError> {
    let Some(expected) = header.pages.map(|pages| pages.saturating_mul(header.page)) else { return Ok(()) };
    if length >= expected || check(&companion(database, "-journal"))? {
        return Ok(());
    }
    Err(StoreError::damaged(format!(
        "its end is missing: it has {length} bytes of {expected}; restore a backup with `node import FILE --data-dir NEW`"
    )))
}

#[cfg(test)]
mod tests;
