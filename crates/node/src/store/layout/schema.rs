//! The layout of the database, and how a file of an older layout is brought up to date.

use rusqlite::Connection;

use super::mark::Mark;
use crate::store::errors::StoreError;

/// Marks a SQLite file as a ledger of this program: "LEDG".
pub(crate) const APPLICATION_ID: i32 = 0x4c45_4447;

/// One step for each version; a step, once released, is never changed.
const MIGRATIONS: [&str; 4] = [
    include_str!("sql/1.sql"),
    include_str!("sql/2.sql"),
    include_str!("sql/3.sql"),
    include_str!("sql/4.sql"),
];

/// The layout from which on a database has a mark.
pub(crate) const MARKED: usize = 4;

/// What SQLite counts layouts of tables from, so that a file shows whether SQLite's backup wrote it, which counts from 0.
pub(crate) const FIRST_COOKIE: u32 = 1 << 30;

/// The page size, chosen so that a block of some kilobytes wastes little: docs/decisions/0003-store.md.
const PAGE_SIZE: u32 = 32_768;

/// Lays out a new database, in one file without a log.
pub(crate) fn create(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    // Free pages can be given back. It must be said before there are tables.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    connection.pragma_update(None, "journal_mode", "off")?;
    connection.pragma_update(None, "synchronous", "full")?;
    migrate(connection)
}

/// Prepares a connection that will write. Changes nothing.
pub(crate) fn prepare_writer(connection: &Connection) -> Result<(), StoreError> {
    check_owner(connection)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    Ok(())
}

/// Prepares a connection that only reads.
pub(crate) fn prepare_reader(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -512)?;
    Ok(())
}

/// Refuses a database that another program made, or a newer version of this one.
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

/// Refuses a database that is not of this version.
pub(crate) fn check_current(connection: &Connection) -> Result<(), StoreError> {
    check_owner(connection)?;
    let (version, supported) = (layout(connection)?, MIGRATIONS.len());
    if version == supported { Ok(()) } else { Err(StoreError::Older { version, supported }) }
}

/// The layout that a file says it has.
pub(crate) fn layout(connection: &Connection) -> Result<usize, StoreError> {
    Ok(Mark::read(connection)?.layout)
}

/// Brings a file of an older layout up to date.
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

/// Why a step does not go: a table that is there, or not there, means that the file has not the layout that it says.
fn misfit(version: usize, error: rusqlite::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Database(error) => {
            let what = format!("it says that it has layout {version}, but has another");
            StoreError::damaged_by(what, error)
        }
        other => other,
    }
}
