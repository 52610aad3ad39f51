//! Whether a rollback journal belongs to a database.
//!
//! SQLite rolls back whatever journal lies beside a database that it opens. Another database's journal destroys it. The
//! format of a journal: <https://sqlite.org/fileformat2.html>, section 3.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::header::{DATABASE, Header, number};
use crate::system::files::{self, Links};

/// Length of a journal's header, without the padding up to the sector.
const HEADER: usize = 28;

/// The start of each header. Without it, SQLite rolls nothing back.
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// The number of records of a header that does not count them: they go on to the end of the file.
const UNCOUNTED: u32 = u32::MAX;

/// The smallest page. SQLite rolls nothing back after a header with a smaller one.
const MIN_PAGE: u64 = 512;

/// The smallest sector, likewise.
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
        // The transaction has not changed the header, which has the number of pages.
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
    /// Reads a header; none if there is none.
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

    /// Where a record begins: a page's number, the page and a checksum.
    fn record(self, index: u32) -> u64 {
        let records = u64::from(index).saturating_mul(self.page + 8);
        self.begin.saturating_add(self.sector).saturating_add(records)
    }

    /// Where the next header begins.
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

/// Whether the file has these bytes.
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
        let mut page = std::fs::read(&path).unwrap();
        page.truncate(4096);
        let mut journal = MAGIC.to_vec();
        let pages = u32::try_from(before.pages.unwrap()).unwrap();
        [1_u32, 7, pages, 512, 4096].iter().for_each(|number| journal.extend(number.to_be_bytes()));
        journal.resize(512, 0);
        journal.extend(1_u32.to_be_bytes());
        journal.extend(page);
        journal.extend([0; 4]);
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
        assert!(!is_foreign(&journal, &found).unwrap(), "there is none");
        for bytes in [&[][..], &MAGIC, &[0; 512], &[7; 5000]] {
            std::fs::write(&journal, bytes).unwrap();
            assert!(!is_foreign(&journal, &found).unwrap(), "{bytes:?}");
        }
    }
}
