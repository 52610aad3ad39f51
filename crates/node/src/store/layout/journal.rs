//! Whether a rollback journal belongs to a database.
//!
//! SQLite rolls back whatever journal lies beside a database that it opens. A journal of another database destroys this
//! one. The format of a journal: <https://sqlite.org/fileformat2.html>, section 3.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::header::{DATABASE, Header, number};
use crate::system::files::{self, Links};

/// Length of a journal's header, without the padding up to the sector.
const HEADER: usize = 28;

/// The start of each header. Without it, SQLite rolls nothing back.
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// The record count of a header whose records go on to the end of the file.
const UNCOUNTED: u32 = u32::MAX;

/// The smallest page size. SQLite rolls nothing back after a header with a smaller one.
const MIN_PAGE: u64 = 512;

/// The smallest sector size, likewise.
const MIN_SECTOR: u64 = 32;

/// Whether a rollback of the journal at this path would damage the database.
///
/// # Errors
///
/// The journal cannot be read.
pub(crate) fn is_foreign(path: &Path, database: &Header) -> io::Result<bool> {
    let file = match files::open_regular(path, OpenOptions::new().read(true), Links::Followed) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let Some(first) = Segment::read(&file, 0)? else { return Ok(false) };
    if first.page != database.page {
        return Ok(true);
    }
    Ok(match first_page(&file, first)? {
        Some(before) => !before.is_before(database),
        // The transaction has not changed the first page, whose header has the number of pages.
        None => database.pages.is_some_and(|pages| pages != first.pages),
    })
}

/// A header and the records after it.
#[derive(Clone, Copy)]
struct Segment {
    begin: u64,
    records: u32,
    /// Pages of the database before the transaction.
    pages: u64,
    sector: u64,
    page: u64,
}

impl Segment {
    /// Reads the header at an offset; `None` if SQLite would find none there.
    fn read(file: &File, at: u64) -> io::Result<Option<Self>> {
        let mut header = [0; HEADER];
        if !is_read(file, &mut header, at)? || header[..8] != MAGIC {
            return Ok(None);
        }
        let [records, pages, sector, page] = [8, 16, 20, 24].map(|offset| number(&header, offset));
        let [pages, sector, page] = [pages, sector, page].map(u64::from);
        let is_usable = page >= MIN_PAGE && sector >= MIN_SECTOR;
        Ok(is_usable.then_some(Self { begin: at, records, pages, sector, page }))
    }

    /// Offset of a record: a page's number, the page and a checksum.
    fn record(self, index: u32) -> u64 {
        let records = u64::from(index).saturating_mul(self.page + 8);
        self.begin.saturating_add(self.sector).saturating_add(records)
    }

    /// Offset of the next header.
    fn end(self) -> u64 {
        self.record(self.records).div_ceil(self.sector).saturating_mul(self.sector)
    }
}

/// The database's header before the transaction, if the journal has its page.
fn first_page(file: &File, first: Segment) -> io::Result<Option<Header>> {
    let mut segment = Some(first);
    while let Some(current) = segment {
        for index in 0..current.records {
            let mut page = [0; 4];
            if !is_read(file, &mut page, current.record(index))? {
                return Ok(None);
            }
            if u32::from_be_bytes(page) == 1 {
                let mut header = [0; DATABASE];
                let is_whole = is_read(file, &mut header, current.record(index) + 4)?;
                return Ok(Header::parse(&header).filter(|_| is_whole));
            }
        }
        let counted = current.records != UNCOUNTED;
        segment = if counted { Segment::read(file, current.end())? } else { None };
    }
    Ok(None)
}

/// Fills `bytes` from an offset. Returns false if the file ends before.
fn is_read(file: &File, bytes: &mut [u8], at: u64) -> io::Result<bool> {
    match files::read_exact_at(file, bytes, at) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::store::layout::{LogId, Mark};

    /// A database with more pages than its cache holds, in the middle of a transaction.
    fn changing(path: &Path, sql: &str) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA page_size = 4096; PRAGMA user_version = 4;
                 CREATE TABLE rows (text);
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
                 INSERT INTO rows SELECT printf('%04000d', i) FROM n;
                 PRAGMA cache_size = 1; BEGIN",
            )
            .unwrap();
        connection.execute_batch(sql).unwrap();
        connection
    }

    fn header(path: &Path) -> Header {
        Header::read(&File::open(path).unwrap()).unwrap().unwrap()
    }

    /// A page of the database.
    fn page(path: &Path, number: usize) -> Vec<u8> {
        std::fs::read(path).unwrap()[4096 * (number - 1)..4096 * number].to_vec()
    }

    /// A header with the database's number of pages, for sectors of 512 bytes.
    fn journal_header(database: &Header, records: usize) -> Vec<u8> {
        let [records, pages] =
            [records as u64, database.pages.unwrap()].map(|number| u32::try_from(number).unwrap());
        let numbers = [records, 7, pages, 512, 4096].map(u32::to_be_bytes);
        let mut header = [&MAGIC[..], numbers.as_flattened()].concat();
        header.resize(512, 0);
        header
    }

    /// A header and these pages with their numbers, up to the end of the last sector.
    fn segment(database: &Header, records: &[(u32, &[u8])]) -> Vec<u8> {
        let mut segment = journal_header(database, records.len());
        for (number, page) in records {
            segment.extend([&number.to_be_bytes(), *page, &[0; 4]].concat());
        }
        segment.resize(segment.len().next_multiple_of(512), 0);
        segment
    }

    #[test]
    fn journal_belongs_to_the_database_that_it_rolls_back() {
        let directory = tempfile::tempdir().unwrap();
        let [database, journal] = ["database", "database-journal"].map(|name| directory.path().join(name));
        let _changing = changing(&database, "UPDATE rows SET text = 'x' || text");
        let found = header(&database);
        assert!(!is_foreign(&journal, &found).unwrap());
        let pages = Header { page: 8192, ..found };
        assert!(is_foreign(&journal, &pages).unwrap(), "pages of another size");
        let other = Header { pages: Some(3), changes: 99, ..found };
        assert!(is_foreign(&journal, &other).unwrap(), "another database");
    }

    #[test]
    fn header_before_the_transaction_is_compared() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("database");
        drop(changing(&path, "ROLLBACK"));
        let before = header(&path);
        let journal = segment(&before, &[(1, &page(&path, 1))]);
        let written = directory.path().join("journal");
        std::fs::write(&written, &journal).unwrap();
        let foreign = |database: Header| is_foreign(&written, &database).unwrap();
        assert!(!foreign(before));
        assert!(!foreign(Header { changes: before.changes + 1, pages: Some(1), ..before }), "half written");
        assert!(foreign(Header { changes: before.changes + 2, ..before }));
        let marked = before.mark.map(|mark| Mark { log: LogId::of_salt(5), ..mark });
        assert!(foreign(Header { mark: marked, ..before }), "another log");
    }

    #[test]
    fn journal_that_rolls_nothing_back_is_harmless() {
        let directory = tempfile::tempdir().unwrap();
        let [database, journal] = ["database", "journal"].map(|name| directory.path().join(name));
        drop(changing(&database, "ROLLBACK"));
        let found = header(&database);
        assert!(!is_foreign(&journal, &found).unwrap(), "there is no journal");
        for bytes in [&[][..], &MAGIC, &[0; 512], &[7; 5000]] {
            std::fs::write(&journal, bytes).unwrap();
            assert!(!is_foreign(&journal, &found).unwrap(), "{bytes:?}");
        }
    }

    #[test]
    fn first_page_is_found_after_others() {
        let directory = tempfile::tempdir().unwrap();
        let [path, journal] = ["database", "journal"].map(|name| directory.path().join(name));
        drop(changing(&path, "ROLLBACK"));
        let before = header(&path);
        let later = Header { changes: before.changes + 2, ..before };
        let [first, second, third] = [1, 2, 3].map(|number| page(&path, number));
        let others = segment(&before, &[(2, &second), (3, &third)]);
        let one_segment = segment(&before, &[(2, &second), (1, &first)]);
        let two_segments = [&others[..], &segment(&before, &[(1, &first)])].concat();
        for bytes in [one_segment, two_segments] {
            std::fs::write(&journal, bytes).unwrap();
            assert!(!is_foreign(&journal, &before).unwrap());
            assert!(is_foreign(&journal, &later).unwrap(), "the first page has other changes");
        }
        std::fs::write(&journal, others).unwrap();
        assert!(!is_foreign(&journal, &later).unwrap(), "the journal has no first page");
    }

    #[test]
    fn sizes_that_sqlite_does_not_use_roll_nothing_back() {
        let directory = tempfile::tempdir().unwrap();
        let [path, journal] = ["database", "journal"].map(|name| directory.path().join(name));
        drop(changing(&path, "ROLLBACK"));
        let found = header(&path);
        for (sector, page, foreign) in
            [(512, 8192, true), (32, 512, true), (31, 8192, false), (512, 511, false)]
        {
            let mut bytes = journal_header(&found, 0);
            bytes[20..28].copy_from_slice([sector, page].map(u32::to_be_bytes).as_flattened());
            std::fs::write(&journal, bytes).unwrap();
            assert_eq!(
                is_foreign(&journal, &found).unwrap(),
                foreign,
                "sectors of {sector}, pages of {page}"
            );
        }
    }

    #[test]
    fn unreadable_journal_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("database");
        drop(changing(&path, "ROLLBACK"));
        assert!(is_foreign(directory.path(), &header(&path)).is_err());
        let file = File::open(directory.path()).unwrap();
        assert!(is_read(&file, &mut [0], 0).is_err());
    }
}
