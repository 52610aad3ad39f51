//! The last acknowledged state, in a file beside the database. After a kill, a start compares it with the database:
//! - The log is missing, but the database has the state: another program checkpointed the log.
//! - The log is missing, and the state with it: somebody removed the log.
//! - The log is there, but the state is not in it: the end of the log is missing.
//!
//! The file is written after each commit, but in a burst only every 10 ms. It is never flushed: a kill leaves it as it
//! is, and after a power cut the log is still there.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::condition::{Condition, MissingLog};
use crate::store::errors::StoreError;
use crate::store::layout::{LogId, Mark, mark};
use crate::store::names::LAST;
use crate::system::files::{self, Links};

/// Largest size of the file in bytes.
const MAX_BYTES: u64 = 512;

/// Time between two writes during a burst of commits.
const WRITE_INTERVAL: Duration = Duration::from_millis(10);

/// The state after a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    log: LogId,
    height: u64,
    pool: i64,
    peers: String,
}

/// The acknowledged state that the database must have.
#[derive(Debug)]
pub(crate) struct Acknowledged {
    directory: PathBuf,
    noted: State,
}

/// The file, while the database is open.
#[derive(Debug)]
pub(crate) struct Last {
    path: PathBuf,
    file: File,
    /// Time of the last write.
    written: Option<Instant>,
    /// Whether there were commits since.
    is_stale: bool,
}

impl Last {
    /// Creates or clears the file.
    pub(crate) fn create(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(LAST);
        let mut options = OpenOptions::new();
        let file = files::open_regular(&path, options.write(true).create(true), Links::Refused);
        let file = file.and_then(|file| file.set_len(0).map(|()| file));
        match file {
            Ok(file) => Ok(Self { path, file, written: None, is_stale: false }),
            Err(error) => Err(StoreError::directory(&path, error)),
        }
    }

    /// Records that there was a commit. Returns whether to write the file now.
    pub(crate) fn count_commit(&mut self) -> bool {
        self.is_stale = true;
        self.written.is_none_or(|written| written.elapsed() >= WRITE_INTERVAL)
    }

    /// Writes the state if there were commits since the last write. Clears the file if that fails: an older state
    /// would vouch for too little.
    pub(crate) fn note(&mut self, connection: &Connection, log: LogId) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        self.written = Some(Instant::now());
        let noted = State::of(connection, log).and_then(|state| {
            let line = serde_json::to_string(&state).expect("numbers and texts can be written as JSON");
            // Pad with spaces to overwrite a longer line.
            let written =
                self.file.rewind().and_then(|()| self.file.write_all(format!("{line:<256}").as_bytes()));
            written.map_err(|error| StoreError::directory(&self.path, error))
        });
        if noted.is_err() {
            let _ = self.file.set_len(0);
        }
    }

    /// Removes the file. From now on, the mark in the database says that it is complete.
    pub(crate) fn remove(self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl State {
    fn of(connection: &Connection, log: LogId) -> Result<Self, StoreError> {
        let select = "SELECT (SELECT coalesce(max(height), 0) FROM blocks),
            (SELECT coalesce(max(number), -9223372036854775808) FROM pool),
            (SELECT coalesce(max(digest), '') FROM seals WHERE name = 'peers')";
        let mut select = connection.prepare_cached(select)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Self { log, height: row.get(0)?, pool: row.get(1)?, peers: row.get(2)? })
        };
        Ok(select.query_row([], read)?)
    }

    /// Whether this state includes the other one.
    fn includes(&self, other: &Self) -> bool {
        self.includes_chain_and_pool(other) && self.peers == other.peers
    }

    /// Whether this state includes the blocks and payments of the other one. The pool's last number falls only when a
    /// block is added.
    fn includes_chain_and_pool(&self, other: &Self) -> bool {
        (self.height, self.pool) >= (other.height, other.pool)
    }
}

/// Checks that the path holds a regular file or nothing.
pub(crate) fn check(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join(LAST);
    match files::check_regular(&path, Links::Refused) {
        Err(error) => Err(StoreError::File { path, error }),
        Ok(_) => Ok(()),
    }
}

/// Whether a database without its log has everything that its node acknowledged.
pub(crate) fn vouches(directory: &Path, database: &Path, mark: Mark) -> bool {
    let Some(noted) = read(directory).filter(|noted| noted.log.follows(mark.log)) else { return false };
    let Some(connection) = open_immutable(database) else { return false };
    State::of(&connection, mark.log).is_ok_and(|found| found.includes(&noted))
}

/// The acknowledged state, if it is known for this log. SQLite alone would accept a log whose end is missing, or an
/// older copy.
///
/// Call it before the database is read: a running node may be writing both.
pub(crate) fn acknowledged(
    directory: &Path,
    found: &Condition,
    missing_log: MissingLog,
) -> Option<Acknowledged> {
    let is_known = found.has_log && found.mark.state == mark::State::Open;
    let noted = read(directory).filter(|noted| is_known && noted.log.follows(found.mark.log))?;
    (missing_log == MissingLog::Refused).then(|| Acknowledged { directory: directory.to_owned(), noted })
}

impl Acknowledged {
    /// Checks that the blocks and payments are there. Peers are not compared: a node may be killed between removing
    /// one and writing the file.
    pub(crate) fn check(self, connection: &Connection) -> Result<(), StoreError> {
        let Self { directory, noted } = self;
        if State::of(connection, noted.log)?.includes_chain_and_pool(&noted) {
            return Ok(());
        }
        Err(StoreError::CutLog { directory, height: noted.height })
    }
}

fn read(directory: &Path) -> Option<State> {
    let path = directory.join(LAST);
    let file = files::open_regular(&path, OpenOptions::new().read(true), Links::Refused).ok()?;
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// Opens a read-only connection that ignores the log and creates no files.
fn open_immutable(database: &Path) -> Option<Connection> {
    let path = std::path::absolute(database).ok()?;
    let escape = |name: &str| name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let uri = format!("file:{}?immutable=1", escape(path.to_str()?));
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags).ok()
}

#[cfg(test)]
mod tests;
