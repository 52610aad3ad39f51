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

/// Where our schema cookies start. SQLite's backup starts from 0, so the cookie reveals a file that it wrote.
pub(crate) const FIRST_COOKIE: u32 = 1 << 30;

/// Page size, chosen so that a block of a few kilobytes wastes little: docs/decisions/0003-store.md.
const PAGE_SIZE: u32 = 32_768;

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
            let what = format!("it says that it has layout {version}, but has another");
            StoreError::damaged_by(what, error)
        }
        other => other,
    }
}
