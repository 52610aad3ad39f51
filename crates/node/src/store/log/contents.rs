//! Tells whether only SQLite has written to the database and its log.
//!
//! Copying a backup over the database of a running node keeps the inode but changes the modification time. SQLite
//! writes to the database in a checkpoint only, and announces one in the shared memory first
//! (<https://sqlite.org/walformat.html>, section 2.1.4). A new time without that announcement means that another
//! program wrote.

use std::fs::File;
use std::io;
use std::path::Path;

use super::stat::FileStat;
use crate::system::files;

/// Offset of the commit counter in the shared memory: all programs' commits, modulo 2^32
/// (<https://sqlite.org/walformat.html>, section 2.1.1).
const COMMITS: std::ops::Range<usize> = 8..12;

/// Offset of the page size.
const PAGE: std::ops::Range<usize> = 14..16;

/// Offset of the number of committed frames in the log.
const FRAMES: std::ops::Range<usize> = 16..20;

/// Bytes of the log's header, and of each frame's header.
const HEADERS: (u64, u64) = (32, 24);

/// Offset of the log's salts, which change when it restarts.
const SALTS: std::ops::Range<usize> = 32..40;

/// Offset of the number of frames that are checkpointed.
const CHECKPOINTED: std::ops::Range<usize> = 96..100;

/// Offset of the number of frames that a checkpoint has begun to copy.
const ATTEMPTED: std::ops::Range<usize> = 128..132;

/// The database and its log as last recorded.
#[derive(Debug)]
pub(crate) struct Contents {
    /// Stays open: closing it would drop the locks that SQLite holds on it.
    shared: File,
    last: Recorded,
}

/// What changes when somebody writes to the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Recorded {
    /// Includes the modification time.
    database: FileStat,
    index: WalIndex,
}

/// The log's state in the shared memory. SQLite calls it the WAL index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WalIndex {
    commits: u32,
    page: u16,
    frames: u32,
    salts: [u8; 8],
    checkpointed: u32,
    attempted: u32,
}

/// The result of comparing the files with what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Only SQLite has written to them.
    Ours,
    /// Another program has, too.
    Foreign(Foreign),
    /// SQLite is writing, or has written: record the files anew.
    Changed,
}

/// A file that was written to without SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    Database,
    Log,
}

impl Contents {
    /// Records the files. Keeps the shared memory open until dropped; drop it after the database.
    pub(crate) fn begin(shared: &Path, database: FileStat) -> io::Result<Self> {
        let shared = File::open(shared)?;
        Ok(Self { last: Recorded { index: WalIndex::read(&shared)?, database }, shared })
    }

    /// Compares the files with what was recorded. Reads the shared memory last: if it is unchanged, SQLite had not
    /// begun to write to the database when the files were read.
    pub(crate) fn compare(&mut self, (database, log): (FileStat, FileStat)) -> io::Result<Verdict> {
        let index = self.index()?;
        if !index.is_like(&self.last.index) || !index.is_at_rest() || log.length < index.log() {
            return Ok(Verdict::Changed);
        }
        if database != self.last.database {
            return Ok(Verdict::Foreign(Foreign::Database));
        }
        self.last = Recorded { database, index };
        Ok(Verdict::Ours)
    }

    /// Reads the WAL index. Read it before the files that you record with it.
    pub(crate) fn index(&self) -> io::Result<WalIndex> {
        WalIndex::read(&self.shared)
    }

    /// Records the files, unless SQLite writes at the same time: then nobody can tell who changed them. SQLite may
    /// truncate the log, but never below its committed frames.
    pub(crate) fn note(
        &mut self,
        before: WalIndex,
        (database, log): (FileStat, FileStat),
    ) -> io::Result<Option<Foreign>> {
        let index = self.index()?;
        if index != before {
            return Ok(None);
        }
        if log.length < index.log() {
            return Ok(Some(Foreign::Log));
        }
        if index.is_at_rest() {
            self.last = Recorded { database, index };
        }
        Ok(None)
    }

    /// Whether the log was checkpointed or restarted since the last comparison, and the number of commits.
    pub(crate) fn commits(&self) -> io::Result<(bool, u32)> {
        let index = self.index()?;
        Ok((!index.is_like(&self.last.index), index.commits))
    }
}

impl WalIndex {
    fn read(shared: &File) -> io::Result<Self> {
        let mut bytes = [0; ATTEMPTED.end];
        files::read_exact_at(shared, &mut bytes, 0)?;
        Ok(Self::of(&bytes))
    }

    /// Parses the fields, which are in native byte order.
    fn of(bytes: &[u8; ATTEMPTED.end]) -> Self {
        let number = |range: std::ops::Range<usize>| {
            let mut number = [0; 4];
            number.copy_from_slice(&bytes[range]);
            u32::from_ne_bytes(number)
        };
        let mut salts = [0; 8];
        salts.copy_from_slice(&bytes[SALTS]);
        Self {
            commits: number(COMMITS),
            page: u16::from_ne_bytes([bytes[PAGE.start], bytes[PAGE.start + 1]]),
            frames: number(FRAMES),
            salts,
            checkpointed: number(CHECKPOINTED),
            attempted: number(ATTEMPTED),
        }
    }

    /// Whether no checkpoint and no restart lies between the two.
    fn is_like(&self, other: &Self) -> bool {
        (self.salts, self.checkpointed, self.attempted) == (other.salts, other.checkpointed, other.attempted)
    }

    /// Whether no checkpoint is running.
    fn is_at_rest(&self) -> bool {
        self.checkpointed == self.attempted
    }

    /// Bytes of the log up to the last committed frame.
    fn log(&self) -> u64 {
        let (before, each) = HEADERS;
        // SQLite stores a page size of 65,536 as 1.
        let page = if self.page == 1 { 65_536 } else { u64::from(self.page) };
        if self.frames == 0 { 0 } else { before + u64::from(self.frames) * (each + page) }
    }
}

#[cfg(test)]
mod tests;
