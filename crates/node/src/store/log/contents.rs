//! Whether only SQLite has written to the database and its log since the last look.
//!
//! A backup that is copied over the database of a running node keeps the file, and so its number. But the time of its last
//! change is another one, though nobody has brought in the log: before SQLite does that, it says so in the shared memory
//! (<https://sqlite.org/walformat.html>, section 2.1.4).

use std::fs::File;
use std::io;
use std::path::Path;

use super::found::Found;
use crate::files;

/// Where the shared memory has how many changes were committed, modulo 2^32, by whichever program
/// (<https://sqlite.org/walformat.html>, section 2.1.1).
const COMMITS: std::ops::Range<usize> = 8..12;

/// Where the shared memory has the salts of the log, which are others when it begins anew.
const SALTS: std::ops::Range<usize> = 32..40;

/// Where it has how much of the log was brought in.
const BROUGHT_IN: std::ops::Range<usize> = 96..100;

/// Where it has how much of the log somebody has begun to bring in.
const ATTEMPTED: std::ops::Range<usize> = 128..132;

/// What the database and its log were when they were looked at last.
#[derive(Debug)]
pub(crate) struct Contents {
    /// Held open: to close it would give up the locks that SQLite has on it.
    shared: File,
    last: Seen,
}

/// What shows that somebody has written to the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    /// With the time of its last change.
    database: Found,
    log: Found,
    index: Index,
}

/// What the shared memory says of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    salts: [u8; 8],
    brought_in: [u8; 4],
    attempted: [u8; 4],
}

/// What a look at the files tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Only SQLite has written to them.
    Ours,
    /// Another program has.
    Foreign(Foreign),
    /// SQLite has brought in some of the log, or begun it anew: what the files are now is to be noted.
    Changed,
}

/// A file to which another program than SQLite has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    Database,
    Log,
}

impl Contents {
    /// Notes what the files are. The shared memory stays open until this is dropped, which must be after the database.
    pub(crate) fn begin(shared: &Path, (database, log): (Found, Found)) -> io::Result<Self> {
        let shared = File::open(shared)?;
        Ok(Self { last: Seen { index: Index::read(&shared)?.0, database, log }, shared })
    }

    /// Compares what the files were just now with what was noted. The shared memory is read after them: if it says what it
    /// said then, SQLite had not begun to write to the database.
    pub(crate) fn look(&mut self, (database, log): (Found, Found)) -> io::Result<Look> {
        let now = Seen { index: self.index()?, database, log };
        if now.index != self.last.index || !now.index.is_at_rest() {
            return Ok(Look::Changed);
        }
        if now.database != self.last.database {
            return Ok(Look::Foreign(Foreign::Database));
        }
        if now.log.length < self.last.log.length {
            return Ok(Look::Foreign(Foreign::Log));
        }
        self.last = now;
        Ok(Look::Ours)
    }

    /// What the shared memory says now. It is to be read before the files that are noted with it.
    pub(crate) fn index(&self) -> io::Result<Index> {
        Ok(Index::read(&self.shared)?.0)
    }

    /// Notes what the files are. While SQLite brings in the log nobody can say whose a change is.
    pub(crate) fn note(&mut self, before: Index, (database, log): (Found, Found)) -> io::Result<()> {
        let now = Seen { index: self.index()?, database, log };
        if now.index == before && before.is_at_rest() {
            self.last = now;
        }
        Ok(())
    }

    /// Whether the log was brought in or begun anew since the last look; and how many changes were committed.
    pub(crate) fn commits(&self) -> io::Result<(bool, u32)> {
        let (index, commits) = Index::read(&self.shared)?;
        Ok((index != self.last.index, commits))
    }
}

impl Index {
    /// Reads it, and how many changes were committed.
    fn read(shared: &File) -> io::Result<(Self, u32)> {
        let mut bytes = [0; ATTEMPTED.end];
        files::read_exact_at(shared, &mut bytes, 0)?;
        let (mut salts, mut brought_in, mut attempted, mut commits) = ([0; 8], [0; 4], [0; 4], [0; 4]);
        salts.copy_from_slice(&bytes[SALTS]);
        brought_in.copy_from_slice(&bytes[BROUGHT_IN]);
        attempted.copy_from_slice(&bytes[ATTEMPTED]);
        commits.copy_from_slice(&bytes[COMMITS]);
        // The shared memory is in the machine's own order.
        Ok((Self { salts, brought_in, attempted }, u32::from_ne_bytes(commits)))
    }

    /// Whether nobody brings in the log.
    fn is_at_rest(&self) -> bool {
        self.brought_in == self.attempted
    }
}
