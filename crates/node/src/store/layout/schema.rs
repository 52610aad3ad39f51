//! The layout of the database, and migrations from older ones.

use rusqlite::Connection;

use super::mark::Mark;
use crate::store::errors::StoreError;

/// Marks a SQLite file as a ledger of this program: "LEDG".
pub(crate) const APPLICATION_ID: i32 = 0x4c45_4447;

/// One step per version. A released step never changes.
const MIGRATIONS: [&str; 4] = [
    include_str!("sql/1.sql"),
    include_str!("sql/2.sql"),
    include_str!("sql/3.sql"),
    include_str!("sql/4.sql"),
];

/// The first layout with a mark.
pub(crate) const MARKED: usize = 4;

/// Where our schema cookies start. A backup made by SQLite starts from 0, so its cookie reveals it.
pub(crate) const FIRST_COOKIE: u32 = 1 << 30;

/// Page size of a new database, chosen so that a block of a few kilobytes wastes little: docs/decisions/0003-store.md.
/// Databases of older versions have pages of 32 KiB and keep them.
const PAGE_SIZE: u32 = 65_536;

/// Creates the tables of a new database, in one file without a log.
pub(crate) fn create(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    // Allows free pages to be returned. Must be set before there are tables.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    connection.pragma_update(None, "journal_mode", "off")?;
    connection.pragma_update(None, "synchronous", "full")?;
    migrate(connection)
}

/// Adds the table of states to a new database.
pub(crate) fn add_states(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.execute_batch(include_str!("sql/states.sql"))?)
}

/// Configures a connection for writing. Changes nothing on disk.
pub(crate) fn prepare_writer(connection: &Connection) -> Result<(), StoreError> {
    check_owner(connection)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    Ok(())
}

/// Configures a read-only connection.
pub(crate) fn prepare_reader(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -512)?;
    Ok(())
}

/// Refuses a database of another program, or of a newer version.
fn check_owner(connection: &Connection) -> Result<(), StoreError> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    let version = layout(connection)?;
    if id != APPLICATION_ID && (id != 0 || tables > 0) {
        return Err(StoreError::NotOurs);
    }
    let supported = MIGRATIONS.len();
    if version > supported { Err(StoreError::Newer { version, supported }) } else { Ok(()) }
}

/// Refuses a database with another layout than the current one.
pub(crate) fn check_current(connection: &Connection) -> Result<(), StoreError> {
    check_owner(connection)?;
    let (version, supported) = (layout(connection)?, MIGRATIONS.len());
    if version == supported { Ok(()) } else { Err(StoreError::Older { version, supported }) }
}

/// The layout that a file claims.
pub(crate) fn layout(connection: &Connection) -> Result<usize, StoreError> {
    Ok(Mark::read(connection)?.layout)
}

/// Migrates a file to the current layout.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    for (done, step) in MIGRATIONS.iter().enumerate().skip(layout(connection)?) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step).map_err(|error| misfit(done, error))?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        if done + 1 == MARKED {
            transaction.pragma_update(None, "schema_version", FIRST_COOKIE)?;
        }
        Mark { layout: done + 1, ..Mark::read(&transaction)? }.write(&transaction)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Translates the error of a step: a table that exists, or does not, means that the file lacks the layout it
/// claims.
fn misfit(version: usize, error: rusqlite::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Database(error) => {
            let what = format!("its header says layout {version}, but its tables differ");
            StoreError::damaged_by(what, error)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        create(&mut connection).unwrap();
        connection
    }

    fn number(connection: &Connection, pragma: &str) -> i64 {
        connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap()
    }

    #[test]
    fn new_database_has_the_current_layout() {
        let connection = new();
        assert_eq!(layout(&connection).unwrap(), MIGRATIONS.len());
        check_current(&connection).unwrap();
        assert_eq!(number(&connection, "application_id"), i64::from(APPLICATION_ID));
        assert!(number(&connection, "schema_version") >= i64::from(FIRST_COOKIE));
        assert_eq!(number(&connection, "page_size"), i64::from(PAGE_SIZE));
        assert_eq!(number(&connection, "auto_vacuum"), 2, "incremental");
    }

    #[test]
    fn only_our_own_database_is_accepted() {
        let connection = Connection::open_in_memory().unwrap();
        check_owner(&connection).expect("an empty database may become ours");
        connection.execute_batch("CREATE TABLE theirs (number)").unwrap();
        assert!(matches!(check_owner(&connection), Err(StoreError::NotOurs)));
        let connection = new();
        connection.pragma_update(None, "application_id", 7).unwrap();
        assert!(matches!(check_owner(&connection), Err(StoreError::NotOurs)));
    }

    #[test]
    fn newer_layout_is_refused_and_an_older_one_by_readers() {
        let (connection, current) = (new(), MIGRATIONS.len());
        connection.pragma_update(None, "user_version", current + 1).unwrap();
        let newer = check_owner(&connection);
        assert!(matches!(newer, Err(StoreError::Newer { version, .. }) if version == current + 1));
        connection.pragma_update(None, "user_version", current - 1).unwrap();
        check_owner(&connection).unwrap();
        let older = check_current(&connection);
        assert!(matches!(older, Err(StoreError::Older { version, .. }) if version == current - 1));
    }

    #[test]
    fn file_that_claims_another_layout_is_damaged() {
        let mut connection = new();
        connection.pragma_update(None, "user_version", 2).unwrap();
        let damaged = migrate(&mut connection).unwrap_err().to_string();
        assert_eq!(damaged, "ledger.db is damaged: its header says layout 2, but its tables differ");
    }

    #[test]
    fn file_of_a_layout_without_marks_gets_our_schema_cookie() {
        let mut connection = new();
        connection.pragma_update(None, "user_version", MARKED - 1).unwrap();
        connection.pragma_update(None, "schema_version", 7).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(layout(&connection).unwrap(), MIGRATIONS.len());
        assert!(number(&connection, "schema_version") >= i64::from(FIRST_COOKIE));
    }

    #[test]
    fn connections_are_configured() {
        let connection = new();
        prepare_writer(&connection).unwrap();
        let set = ["synchronous", "cache_size", "temp_store", "journal_size_limit"];
        assert_eq!(set.map(|pragma| number(&connection, pragma)), [2, -16_384, 2, 64 << 20]);
        prepare_reader(&connection).unwrap();
        assert_eq!(["query_only", "cache_size"].map(|pragma| number(&connection, pragma)), [1, -512]);
        assert!(connection.execute_batch("DELETE FROM blocks").is_err());
    }
}
