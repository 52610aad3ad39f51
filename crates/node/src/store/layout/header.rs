//! Reads the headers of a database and its write-ahead log without SQLite.
//!
//! Both are part of SQLite's file format: <https://sqlite.org/fileformat2.html>, sections 1.3 and 4.1.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::mark::{LogId, Mark};
use crate::system::files::{self, Links};

/// Length of a database's header.
const DATABASE: usize = 100;

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

    fn parse(bytes: &[u8]) -> Option<Self> {
        let header: &[u8; DATABASE] = bytes.try_into().ok().filter(|_| bytes.starts_with(MAGIC))?;
        let page = u64::from(u16::from_be_bytes([header[16], header[17]]));
        // SQLite stores a page size of 65,536 as 1.
        let page = if page == 1 { 65_536 } else { page };
        // An old program that wrote the file last did not record the number of pages.
        let pages = (number(header, 24) == number(header, 92)).then(|| number(header, 28).into());
        Some(Self {
            is_logged: header[18] == 2,
            application: number(header, 68).cast_signed(),
            schema: number(header, 40),
            mark: Mark::of(number(header, 60).cast_signed()),
            page,
            pages,
        })
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
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
