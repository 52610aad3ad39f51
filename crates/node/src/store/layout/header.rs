//! Reads the headers of a database and its write-ahead log without SQLite.
//!
//! Both are part of SQLite's file format: <https://sqlite.org/fileformat2.html>, sections 1.3 and 4.1.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::mark::{LogId, Mark};
use crate::system::files::{self, Links};

/// Length of a database's header.
pub(super) const DATABASE: usize = 100;

/// Length of a log's header. A log of this length is empty.
const LOG: usize = 32;

/// The start of a database.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The start of a log, except for the last bit.
const LOG_MAGIC: u32 = 0x377f_0682;

/// A database's header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    /// Whether it is in WAL mode.
    pub(crate) is_logged: bool,
    /// The application id.
    pub(crate) application: i32,
    /// The change counter. In WAL mode it does not change.
    pub(crate) changes: u32,
    /// The schema cookie, which changes with each change of the schema.
    pub(crate) schema: u32,
    /// The mark; none for a value that no node writes.
    pub(crate) mark: Option<Mark>,
    /// Page size in bytes.
    pub(crate) page: u64,
    /// Number of pages, if it is recorded.
    pub(crate) pages: Option<u64>,
}

/// What a write-ahead log contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    /// Nothing.
    Empty,
    /// Changes to pages of this size.
    Of(LogId, u64),
    /// Something else.
    Strange,
}

impl Header {
    /// Reads the header of an open file; none if it is not a database's.
    pub(crate) fn read(file: &File) -> io::Result<Option<Self>> {
        Ok(Self::parse(&beginning(file, DATABASE)?))
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let header: &[u8; DATABASE] = bytes.try_into().ok().filter(|_| bytes.starts_with(MAGIC))?;
        let page = u64::from(u16::from_be_bytes([header[16], header[17]]));
        // SQLite stores a page size of 65,536 as 1.
        let page = if page == 1 { 65_536 } else { page };
        // If the counters differ, an old program wrote the file last, without recording the number of pages.
        let pages = (number(header, 24) == number(header, 92)).then(|| number(header, 28).into());
        Some(Self {
            is_logged: header[18] == 2,
            application: number(header, 68).cast_signed(),
            changes: number(header, 24),
            schema: number(header, 40),
            mark: Mark::of(number(header, 60).cast_signed()),
            page,
            pages,
        })
    }

    /// Whether one transaction may have turned this header into `left`. A transaction keeps the page size and the marked
    /// log, and adds 1 to the change counter. A connection that used a log may count from one less.
    pub(super) fn is_before(&self, left: &Self) -> bool {
        let log = |header: &Self| header.mark.map(|mark| mark.log);
        self.page == left.page && log(self) == log(left) && left.changes.abs_diff(self.changes) <= 1
    }
}

impl Log {
    /// Reads the header of a log.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let file = files::open_regular(path, OpenOptions::new().read(true), Links::Followed)?;
        if file.metadata()?.len() <= LOG as u64 {
            return Ok(Self::Empty);
        }
        Ok(Self::parse(&beginning(&file, LOG)?))
    }

    fn parse(bytes: &[u8]) -> Self {
        if bytes.len() < LOG || number(bytes, 0) & !1 != LOG_MAGIC {
            return Self::Strange;
        }
        Self::Of(LogId::of_salt(number(bytes, 16)), number(bytes, 8).into())
    }

    /// The id of an open log, even if it has no changes; none if it is not a log.
    pub(crate) fn id(file: &File) -> Option<LogId> {
        let mut header = [0; LOG];
        files::read_exact_at(file, &mut header, 0).ok()?;
        match Self::parse(&header) {
            Self::Of(id, _) => Some(id),
            _ => None,
        }
    }
}

fn beginning(file: &File, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The number at an offset that the caller has checked.
pub(super) fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layout::State;

    /// A header whose numbers are where SQLite puts them.
    fn header() -> [u8; DATABASE] {
        let mut header = [0; DATABASE];
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        header[16..18].copy_from_slice(&4096_u16.to_be_bytes());
        header[18] = 2;
        for (at, number) in [(24, 5_u32), (28, 0x0102_0304), (40, 6), (60, 7), (68, 0x4c45_4447), (92, 5)] {
            header[at..at + 4].copy_from_slice(&number.to_be_bytes());
        }
        header
    }

    #[test]
    fn header_is_read() {
        let found = Header::parse(&header()).unwrap();
        assert!(found.is_logged);
        assert_eq!((found.application, found.changes, found.schema), (0x4c45_4447, 5, 6));
        assert_eq!((found.page, found.pages), (4096, Some(0x0102_0304)));
        let mark = found.mark.unwrap();
        assert_eq!((mark.layout, mark.state), (7, State::Closed));
    }

    #[test]
    fn headers_of_other_files_and_programs_are_recognised() {
        let mut other = header();
        other[16..18].copy_from_slice(&1_u16.to_be_bytes());
        other[18] = 1;
        other[24] = 1;
        let found = Header::parse(&other).unwrap();
        assert!(!found.is_logged);
        assert_eq!((found.page, found.pages), (65_536, None), "the number of pages is out of date");
        assert!(Header::parse(&header()[..DATABASE - 1]).is_none());
        other[0] = b'T';
        assert!(Header::parse(&other).is_none());
    }

    #[test]
    fn log_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = |bytes: &[u8]| {
            std::fs::write(file.path(), bytes).unwrap();
            (Log::read(file.path()).unwrap(), Log::id(file.as_file()))
        };
        let mut log = [0; LOG + 1];
        assert_eq!(read(&log), (Log::Strange, None));
        log[8..12].copy_from_slice(&4096_u32.to_be_bytes());
        log[16..20].copy_from_slice(&0x0012_3456_u32.to_be_bytes());
        let id = LogId::of_salt(0x0012_3456);
        for order in [0, 1] {
            log[..4].copy_from_slice(&(LOG_MAGIC | order).to_be_bytes());
            assert_eq!(read(&log), (Log::Of(id, 4096), Some(id)));
            assert_eq!(read(&log[..LOG]), (Log::Empty, Some(id)), "no changes");
        }
        assert_eq!(read(&log[..LOG - 1]), (Log::Empty, None));
        assert_eq!(Log::parse(&log[..LOG]), Log::Of(id, 4096));
        assert_eq!(Log::parse(&log[..LOG - 1]), Log::Strange);
    }
}
