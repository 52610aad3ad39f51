//! Whether only SQLite has written to the database and its log since the last look.
//!
//! A backup that is copied over the database of a running node keeps the file, and so its number. But the time of its last
//! change is another one, though nobody has brought in the log: before SQLite does that, it says so in the shared memory
//! (<https://sqlite.org/walformat.html>, section 2.1.4).

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

/// Where the shared memory has the salts of the log, which are others when it begins anew.
const SALTS: std::ops::Range<usize> = 32..40;

/// Where it has how much of the log was brought in.
const BROUGHT_IN: std::ops::Range<usize> = 96..100;

/// Where it has how much of the log somebody has begun to bring in.
const ATTEMPTED: std::ops::Range<usize> = 128..132;

/// What the database and its log were when they were looked at last.
#[derive(Debug)]
pub(super) struct Contents {
    /// Held open: to close it would give up the locks that SQLite has on it.
    shared: File,
    last: Seen,
}

/// What of the files shows that somebody has written to them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    /// When the database was changed, and its length.
    database: (SystemTime, u64),
    /// The length of the log.
    log: u64,
    index: Index,
}

/// What the shared memory says of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Index {
    salts: [u8; 8],
    brought_in: [u8; 4],
    attempted: [u8; 4],
}

/// A file to which another program than SQLite has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    Database,
    Log,
}

impl Contents {
    /// Notes what the files are. The shared memory stays open until this is dropped, which must be after the database.
    pub(super) fn begin(shared: &Path, database: &Metadata, log: &Metadata) -> io::Result<Self> {
        let mut shared = File::open(shared)?;
        let last = Seen::of(&mut shared, database, log)?;
        Ok(Self { shared, last })
    }

    /// What the shared memory says now. It is to be read before the files that are looked at.
    pub(super) fn index(&mut self) -> io::Result<Index> {
        Index::read(&mut self.shared)
    }

    /// Looks at the files again: to which of them somebody else has written. While SQLite brings in the log nobody can tell.
    pub(super) fn look(
        &mut self,
        before: Index,
        database: &Metadata,
        log: &Metadata,
    ) -> io::Result<Option<Foreign>> {
        let now = Seen::of(&mut self.shared, database, log)?;
        if now.index != before || now.index.brought_in != now.index.attempted {
            return Ok(None);
        }
        let foreign = match &self.last {
            // SQLite has brought in some of the log, or begun it anew.
            last if last.index != now.index => None,
            last if last.database != now.database => Some(Foreign::Database),
            last if last.log > now.log => Some(Foreign::Log),
            _ => None,
        };
        if foreign.is_none() {
            self.last = now;
        }
        Ok(foreign)
    }
}

impl Seen {
    fn of(shared: &mut File, database: &Metadata, log: &Metadata) -> io::Result<Self> {
        let index = Index::read(shared)?;
        Ok(Self { database: (database.modified()?, database.len()), log: log.len(), index })
    }
}

impl Index {
    fn read(shared: &mut File) -> io::Result<Self> {
        let mut index = [0; ATTEMPTED.end];
        shared.seek(SeekFrom::Start(0))?;
        shared.read_exact(&mut index)?;
        let (mut salts, mut brought_in, mut attempted) = ([0; 8], [0; 4], [0; 4]);
        salts.copy_from_slice(&index[SALTS]);
        brought_in.copy_from_slice(&index[BROUGHT_IN]);
        attempted.copy_from_slice(&index[ATTEMPTED]);
        Ok(Self { salts, brought_in, attempted })
    }
}
