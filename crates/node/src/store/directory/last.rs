//! What a node acknowledged last, in a file beside the database: after a kill, it tells whether a database without its log
//! has all of it, since another program brought the log in, or lacks some, since somebody removed the log; and whether a
//! log lacks its end.
//!
//! It is written after each commit, but while one follows the other only now and then; and never flushed: a kill leaves it
//! as it was, and after a power cut the log is there.

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

/// The most bytes it has.
const MOST: u64 = 512;

/// How long a note waits for the end of a burst of commits.
const BURST: Duration = Duration::from_millis(10);

/// The last state that was acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    log: LogId,
    height: u64,
    pool: i64,
    peers: String,
}

/// What a node acknowledged, and must be there.
#[derive(Debug)]
pub(crate) struct Promised {
    directory: PathBuf,
    noted: State,
}

/// The file, while the database is in use.
#[derive(Debug)]
pub(crate) struct Last {
    path: PathBuf,
    file: File,
    /// When the last note was written.
    written: Option<Instant>,
    /// Whether there were commits since.
    is_behind: bool,
}

impl Last {
    /// Begins the file anew.
    pub(crate) fn begin(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(LAST);
        let mut options = OpenOptions::new();
        let file = files::open_regular(&path, options.write(true).create(true), Links::Refused);
        let file = file.and_then(|file| file.set_len(0).map(|()| file));
        match file {
            Ok(file) => Ok(Self { path, file, written: None, is_behind: false }),
            Err(error) => Err(StoreError::directory(&path, error)),
        }
    }

    /// Whether a commit is to be noted at once.
    pub(crate) fn is_due(&mut self) -> bool {
        self.is_behind = true;
        self.written.is_none_or(|written| written.elapsed() >= BURST)
    }

    /// Notes what was committed since the last note. What cannot be noted is nowhere: an older note would vouch for too
    /// little.
    pub(crate) fn note(&mut self, connection: &Connection, log: LogId) {
        if !std::mem::take(&mut self.is_behind) {
            return;
        }
        self.written = Some(Instant::now());
        let noted = State::of(connection, log).and_then(|state| {
            let line = serde_json::to_string(&state).expect("numbers and texts can be written as JSON");
            // Spaces cover what a longer line left.
            let written =
                self.file.rewind().and_then(|()| self.file.write_all(format!("{line:<256}").as_bytes()));
            written.map_err(|error| StoreError::directory(&self.path, error))
        });
        if noted.is_err() {
            let _ = self.file.set_len(0);
        }
    }

    /// Removes the file, when the database says itself that it is complete.
    pub(crate) fn end(self) {
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

    /// Whether this state has all that another one has.
    fn has_all_of(&self, other: &Self) -> bool {
        self.has_payments_of(other) && self.peers == other.peers
    }

    /// Whether this state has all blocks and payments that another one has. Numbers of the pool begin anew with each block.
    fn has_payments_of(&self, other: &Self) -> bool {
        (self.height, self.pool) >= (other.height, other.pool)
    }
}

/// Checks that there is no other thing in the file's place.
pub(crate) fn check(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join(LAST);
    match files::check_regular(&path, Links::Refused) {
        Err(error) => Err(StoreError::File { path, error }),
        Ok(_) => Ok(()),
    }
}

/// Whether a database without its log has all that its node acknowledged.
pub(crate) fn vouches(directory: &Path, database: &Path, mark: Mark) -> bool {
    let Some(noted) = read(directory).filter(|noted| noted.log.follows(mark.log)) else { return false };
    let Some(connection) = untouched(database) else { return false };
    State::of(&connection, mark.log).is_ok_and(|found| found.has_all_of(&noted))
}

/// What a database with its log must have; nothing if nobody knows. A log whose end is missing, or that is an older copy, is
/// as good as another one to SQLite.
///
/// To be asked before the database is read: a node may be using it.
pub(crate) fn promised(directory: &Path, found: &Condition, missing_log: MissingLog) -> Option<Promised> {
    let is_known = found.has_log && found.mark.state == mark::State::Open;
    let noted = read(directory).filter(|noted| is_known && noted.log.follows(found.mark.log))?;
    (missing_log == MissingLog::Refused).then(|| Promised { directory: directory.to_owned(), noted })
}

impl Promised {
    /// Checks that the blocks and payments are there. The neighbours are not compared: a node may be killed after it removed
    /// one, and before its note.
    pub(crate) fn check(self, connection: &Connection) -> Result<(), StoreError> {
        let Self { directory, noted } = self;
        if State::of(connection, noted.log)?.has_payments_of(&noted) {
            return Ok(());
        }
        Err(StoreError::CutLog { directory, height: noted.height })
    }
}

fn read(directory: &Path) -> Option<State> {
    let path = directory.join(LAST);
    let file = files::open_regular(&path, OpenOptions::new().read(true), Links::Refused).ok()?;
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// A connection that reads the file alone, and makes none beside it.
fn untouched(database: &Path) -> Option<Connection> {
    let path = std::path::absolute(database).ok()?;
    let escape = |name: &str| name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let uri = format!("file:{}?immutable=1", escape(path.to_str()?));
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags).ok()
}
