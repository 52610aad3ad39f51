//! Tables that nobody needs any more: emptied a little at a time, in the writer's pauses, and then dropped. To drop a large
//! one at once would hold all payments that arrive meanwhile.

use std::collections::VecDeque;
use std::time::Instant;

use rusqlite::Connection;

use crate::store::errors::StoreError;

/// How many rows go at once, if that is quick: a row may have 32 MiB.
const ROWS: u32 = 256;

/// How many pages are given back at once: 1 MiB.
const PAGES: u32 = 32;

/// The tables that are on their way out. They are swept at the next start if the node is killed before.
#[derive(Debug, Default)]
pub(crate) struct Discarded {
    pub(crate) tables: VecDeque<String>,
    /// Whether the file may have free pages to give back.
    pub(crate) has_freed: bool,
    /// When it is time for the next slice.
    pub(crate) due: Option<Instant>,
}

impl Discarded {
    /// Whether there is something to discard, and whether it is time to do it even if others wait.
    pub(crate) fn state(&self) -> Discards {
        match self.due {
            _ if self.tables.is_empty() && !self.has_freed => Discards::Nothing,
            Some(due) if Instant::now() < due => Discards::Idle,
            _ => Discards::Due,
        }
    }
}

/// What is to be done for tables that are on their way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Discards {
    /// Nothing.
    Nothing,
    /// A slice, if nobody wants anything else.
    Idle,
    /// A slice.
    Due,
}

/// Shortens the file by some of its free pages; whether there are more to give back. A file of an older version was not
/// made for that: it keeps them for what is written next.
pub(crate) fn give_back(connection: &Connection) -> Result<bool, StoreError> {
    let before = free_pages(connection)?;
    let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut rows = vacuum.query([])?;
    while rows.next()?.is_some() {}
    Ok(free_pages(connection)? < before)
}

/// How many pages the file has that hold nothing.
pub(crate) fn free_pages(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.pragma_query_value(None, "freelist_count", |row| row.get(0))?)
}

/// Removes rows until a moment, and the table when it is empty; whether it is gone.
pub(crate) fn shrink(connection: &Connection, table: &str, end: Instant) -> Result<bool, StoreError> {
    let select = "SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk)";
    let key: Option<String> = connection.query_row(select, [table], |row| row.get(0))?;
    if let Some(key) = key {
        let delete = format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} ORDER BY {key} LIMIT ?1)"
        );
        let (mut delete, mut rows) = (connection.prepare(&delete)?, 1);
        while delete.execute([rows])? > 0 {
            if Instant::now() >= end {
                return Ok(false);
            }
            rows = (2 * rows).min(ROWS);
        }
    }
    connection.execute(&format!("DROP TABLE IF EXISTS {table}"), [])?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn count(connection: &Connection, table: &str) -> Option<u32> {
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).ok()
    }

    #[test]
    fn a_table_shrinks_by_some_rows_until_it_is_gone() {
        let connection = Connection::open_in_memory().unwrap();
        for columns in ["one INTEGER PRIMARY KEY, two TEXT", "one INTEGER, two TEXT, PRIMARY KEY (two, one)"]
        {
            connection.execute_batch(&format!("CREATE TABLE big ({columns})")).unwrap();
            let fill = "INSERT INTO big WITH RECURSIVE n (one) AS (SELECT 1 UNION ALL SELECT one + 1 FROM n LIMIT ?1)
                SELECT one, one % 7 FROM n";
            connection.execute(fill, [2]).unwrap();
            // When there is no time left, a row goes: it may be a large one.
            for left in [Some(1), Some(0), None] {
                assert_eq!(shrink(&connection, "big", Instant::now()).unwrap(), left.is_none());
                assert_eq!(count(&connection, "big"), left);
            }
        }
        assert!(shrink(&connection, "big", Instant::now()).unwrap(), "it is gone already");
    }

    #[test]
    fn a_table_of_many_rows_goes_while_there_is_time() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE big (one INTEGER PRIMARY KEY)").unwrap();
        let fill =
            "INSERT INTO big WITH RECURSIVE n (one) AS (SELECT 1 UNION ALL SELECT one + 1 FROM n LIMIT ?1)
            SELECT one FROM n";
        connection.execute(fill, [10 * ROWS]).unwrap();
        assert!(shrink(&connection, "big", Instant::now() + Duration::from_secs(60)).unwrap());
        assert_eq!(count(&connection, "big"), None);
    }

    #[test]
    fn a_table_without_a_key_goes_at_once() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE small (one INTEGER); INSERT INTO small VALUES (1)").unwrap();
        assert!(shrink(&connection, "small", Instant::now()).unwrap());
        assert_eq!(count(&connection, "small"), None);
    }
}
