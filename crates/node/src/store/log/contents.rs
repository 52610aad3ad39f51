//! Whether only SQLite has written to the database and its log since the last look.
//!
//! A backup that is copied over the database of a running node keeps the file, and so its number. But the time of its last
//! change is another one, though nobody has brought in the log: before SQLite does that, it says so in the shared memory
//! (<https://sqlite.org/walformat.html>, section 2.1.4).

use std::fs::File;
use std::io;
use std::path::Path;

use super::found::Found;
use crate::system::files;

/// Where the shared memory has how many changes were committed, modulo 2^32, by whichever program
/// (<https://sqlite.org/walformat.html>, section 2.1.1).
const COMMITS: std::ops::Range<usize> = 8..12;

/// Where it has the bytes of a page.
const PAGE: std::ops::Range<usize> = 14..16;

/// Where it has how many frames of the log were committed.
const FRAMES: std::ops::Range<usize> = 16..20;

/// The bytes before the frames of a log, and of each frame before its page.
const HEADERS: (u64, u64) = (32, 24);

/// Where it has the salts of the log, which are others when it begins anew.
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
    index: Index,
}

/// What the shared memory says of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    commits: u32,
    page: u16,
    frames: u32,
    salts: [u8; 8],
    brought_in: u32,
    attempted: u32,
}

/// What a look at the files tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Only SQLite has written to them.
    Ours,
    /// Another program has.
    Foreign(Foreign),
    /// SQLite is at work, or was: what the files are now is to be noted.
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
    pub(crate) fn begin(shared: &Path, database: Found) -> io::Result<Self> {
        let shared = File::open(shared)?;
        Ok(Self { last: Seen { index: Index::read(&shared)?, database }, shared })
    }

    /// Compares what the files were just now with what was noted. The shared memory is read after them: if it says what it
    /// said then, SQLite had not begun to write to the database.
    pub(crate) fn look(&mut self, (database, log): (Found, Found)) -> io::Result<Look> {
        let index = self.index()?;
        if !index.is_like(&self.last.index) || !index.is_at_rest() || log.length < index.log() {
            return Ok(Look::Changed);
        }
        if database != self.last.database {
            return Ok(Look::Foreign(Foreign::Database));
        }
        self.last = Seen { database, index };
        Ok(Look::Ours)
    }

    /// What the shared memory says now. It is to be read before the files that are noted with it.
    pub(crate) fn index(&self) -> io::Result<Index> {
        Index::read(&self.shared)
    }

    /// Notes what the files are, unless SQLite writes to them meanwhile: then nobody can say whose a change is. SQLite may
    /// shorten the log, but not by what it has committed.
    pub(crate) fn note(
        &mut self,
        before: Index,
        (database, log): (Found, Found),
    ) -> io::Result<Option<Foreign>> {
        let index = self.index()?;
        if index != before {
            return Ok(None);
        }
        if log.length < index.log() {
            return Ok(Some(Foreign::Log));
        }
        if index.is_at_rest() {
            self.last = Seen { database, index };
        }
        Ok(None)
    }

    /// Whether the log was brought in or begun anew since the last look; and how many changes were committed.
    pub(crate) fn commits(&self) -> io::Result<(bool, u32)> {
        let index = self.index()?;
        Ok((!index.is_like(&self.last.index), index.commits))
    }
}

impl Index {
    fn read(shared: &File) -> io::Result<Self> {
        let mut bytes = [0; ATTEMPTED.end];
        files::read_exact_at(shared, &mut bytes, 0)?;
        Ok(Self::of(&bytes))
    }

    /// The shared memory is in the machine's own order.
    fn of(bytes: &[u8; ATTEMPTED.end]) -> Self {
        let number = |place: std::ops::Range<usize>| {
            let mut number = [0; 4];
            number.copy_from_slice(&bytes[place]);
            u32::from_ne_bytes(number)
        };
        let mut salts = [0; 8];
        salts.copy_from_slice(&bytes[SALTS]);
        Self {
            commits: number(COMMITS),
            page: u16::from_ne_bytes([bytes[PAGE.start], bytes[PAGE.start + 1]]),
            frames: number(FRAMES),
            salts,
            brought_in: number(BROUGHT_IN),
            attempted: number(ATTEMPTED),
        }
    }

    /// Whether the log was neither brought in nor begun anew between the two.
    fn is_like(&self, other: &Self) -> bool {
        (self.salts, self.brought_in, self.attempted) == (other.salts, other.brought_in, other.attempted)
    }

    /// Whether nobody brings in the log.
    fn is_at_rest(&self) -> bool {
        self.brought_in == self.attempted
    }

    /// The bytes of the log that were committed.
    fn log(&self) -> u64 {
        let (before, each) = HEADERS;
        // A page of 65,536 bytes is written as 1.
        let page = if self.page == 1 { 65_536 } else { u64::from(self.page) };
        if self.frames == 0 { 0 } else { before + u64::from(self.frames) * (each + page) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::FileExt as _;

    use super::super::found::Times;
    use super::*;

    /// The shared memory of a log with so many frames of 4096 bytes.
    fn shared(salt: u8, frames: u32) -> [u8; ATTEMPTED.end] {
        let mut bytes = [0; ATTEMPTED.end];
        bytes[PAGE].copy_from_slice(&4096_u16.to_ne_bytes());
        bytes[FRAMES].copy_from_slice(&frames.to_ne_bytes());
        bytes[SALTS].fill(salt);
        bytes
    }

    #[test]
    fn log_may_be_shortened_but_not_by_what_it_holds() {
        let frame = 24 + 4096;
        let file = tempfile::NamedTempFile::new().unwrap();
        let memory = tempfile::NamedTempFile::new().unwrap();
        memory.as_file().write_all(&shared(1, 9)).unwrap();
        let database = Found::at(file.path(), Times::Wanted).unwrap();
        let log = |frames: u64| Found { length: 32 + frames * frame, ..database };
        let mut contents = Contents::begin(memory.path(), database).unwrap();
        assert_eq!(contents.look((database, log(9))).unwrap(), Look::Ours);
        // The log begins anew in the place that it has, is noted so, and then its end is given back.
        memory.as_file().write_all_at(&shared(2, 2), 0).unwrap();
        assert_eq!(contents.look((database, log(9))).unwrap(), Look::Changed);
        let index = contents.index().unwrap();
        assert_eq!(contents.note(index, (database, log(9))).unwrap(), None);
        assert_eq!(contents.look((database, log(2))).unwrap(), Look::Ours);
        // Somebody takes away what was committed.
        assert_eq!(contents.look((database, log(1))).unwrap(), Look::Changed);
        assert_eq!(contents.note(index, (database, log(1))).unwrap(), Some(Foreign::Log));
        // A commit while the files are looked at decides nothing.
        memory.as_file().write_all_at(&shared(2, 3), 0).unwrap();
        assert_eq!(contents.note(index, (database, log(1))).unwrap(), None);
    }
}
