//! Unused tables: emptied a little at a time between the writer's other tasks, then dropped. Dropping a large one at once
//! would delay all payments that arrive meanwhile.

use std::collections::VecDeque;
use std::time::Instant;

use rusqlite::Connection;

use crate::store::errors::StoreError;

/// Maximum number of rows that one statement deletes. Deletion starts with one row, since a row may have 32 MiB.
const ROWS: u32 = 256;

/// Pages released at a time: 1 MiB, or half of it in files of older versions.
const PAGES: u32 = 16;

/// Tables to be removed. If the node is killed first, the next start removes them.
#[derive(Debug, Default)]
pub(crate) struct Discarded {
    pub(crate) tables: VecDeque<String>,
    /// Whether the file may have free pages to release.
    pub(crate) has_freed: bool,
    /// When the next step is due.
    pub(crate) due: Option<Instant>,
}

impl Discarded {
    /// Whether there is something to discard, and how urgent it is.
    pub(crate) fn state(&self) -> Discards {
        match self.due {
            _ if self.tables.is_empty() && !self.has_freed => Discards::Nothing,
            Some(due) if Instant::now() < due => Discards::Idle,
            _ => Discards::Due,
        }
    }
}

/// What to do next about unused tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Discards {
    /// Nothing.
    Nothing,
    /// A step, if no command waits.
    Idle,
    /// A step, even if commands wait.
    Due,
}

/// Shortens the file by some of its free pages. Returns whether there may be more. Files of older versions cannot release
/// pages and keep them for new data.
pub(crate) fn release_pages(connection: &Connection) -> Result<bool, StoreError> {
    let before = free_pages(connection)?;
    let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut rows = vacuum.query([])?;
    while rows.next()?.is_some() {}
    Ok(free_pages(connection)? < before)
}

/// The number of free pages in the file.
pub(crate) fn free_pages(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.pragma_query_value(None, "freelist_count", |row| row.get(0))?)
}

/// Removes rows until `end`, then the table if it is empty. Returns whether the table is gone.
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
    fn step_is_due_after_a_pause() {
        let mut discarded = Discarded::default();
        assert_eq!(discarded.state(), Discards::Nothing);
        discarded.has_freed = true;
        assert_eq!(discarded.state(), Discards::Due);
        let later = Instant::now() + Duration::from_secs(60);
        discarded.due = Some(later);
        assert_eq!(discarded.state(), Discards::Idle);
        (discarded.tables, discarded.has_freed) = (["table".to_owned()].into(), false);
        assert_eq!(discarded.state(), Discards::Idle);
        discarded.due = Some(Instant::now());
        assert_eq!(discarded.state(), Discards::Due);
    }

    #[test]
    fn free_pages_are_released() {
        let directory = tempfile::tempdir().unwrap();
        let connection = Connection::open(directory.path().join("file")).unwrap();
        connection.execute_batch("PRAGMA auto_vacuum = incremental; CREATE TABLE big (text)").unwrap();
        connection.execute("INSERT INTO big VALUES (zeroblob(?1))", [25 * 4096]).unwrap();
        connection.execute_batch("DELETE FROM big").unwrap();
        let free = free_pages(&connection).unwrap();
        assert!(free > PAGES && free < 2 * PAGES, "{free}");
        for left in [free - PAGES, 0] {
            assert!(release_pages(&connection).unwrap());
            assert_eq!(free_pages(&connection).unwrap(), left);
        }
        assert!(!release_pages(&connection).unwrap());
    }

    #[test]
    fn table_shrinks_until_it_is_gone() {
        let connection = Connection::open_in_memory().unwrap();
        for columns in ["one INTEGER PRIMARY KEY, two TEXT", "one INTEGER, two TEXT, PRIMARY KEY (two, one)"]
        {
            connection.execute_batch(&format!("CREATE TABLE big ({columns})")).unwrap();
            let fill = "INSERT INTO big WITH RECURSIVE n (one) AS (SELECT 1 UNION ALL SELECT one + 1 FROM n LIMIT ?1)
                SELECT one, one % 7 FROM n";
            connection.execute(fill, [2]).unwrap();
            // Even without time left, one row is removed.
            for left in [Some(1), Some(0), None] {
                assert_eq!(shrink(&connection, "big", Instant::now()).unwrap(), left.is_none());
                assert_eq!(count(&connection, "big"), left);
            }
        }
        assert!(shrink(&connection, "big", Instant::now()).unwrap(), "the table is gone already");
    }

    #[test]
    fn large_table_is_removed_in_time() {
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
    fn table_without_a_key_is_dropped_at_once() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE small (one INTEGER); INSERT INTO small VALUES (1)").unwrap();
        assert!(shrink(&connection, "small", Instant::now()).unwrap());
        assert_eq!(count(&connection, "small"), None);
    }
}
