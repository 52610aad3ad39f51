//! The state after each block, for rule sets that cannot derive it from the block's text. A chain has a state for every
//! block, or no table of states.

use rusqlite::Connection;

use super::tables::Tables;
use crate::store::errors::StoreError;

/// The state after a block, and the block's height.
pub(super) type State = (u64, String);

/// Whether our chain has saved states.
pub(crate) fn are_saved(connection: &Connection) -> Result<bool, StoreError> {
    let select = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1)";
    let mut select = connection.prepare_cached(select)?;
    Ok(select.query_row([Tables::ours().states], |row| row.get(0))?)
}

/// The column with a block's saved state, for a `SELECT` from our blocks; null if there is none.
pub(crate) fn column(connection: &Connection) -> Result<&'static str, StoreError> {
    let saved = are_saved(connection)?;
    Ok(if saved { "(SELECT state FROM states WHERE states.height = blocks.height)" } else { "NULL" })
}

/// Writes states for their blocks, in the caller's transaction.
pub(super) fn insert(connection: &Connection, table: &str, states: &[State]) -> Result<(), StoreError> {
    if states.is_empty() {
        return Ok(());
    }
    let insert = format!("INSERT INTO {table} (height, state) VALUES (?1, ?2)");
    let mut insert = connection.prepare_cached(&insert)?;
    states.iter().try_for_each(|(height, state)| Ok(insert.execute((height, state)).map(drop)?))
}

/// Copies the states of our blocks after a height and up to another.
pub(super) fn copy(connection: &Connection, to: &str, after: u64, last: u64) -> Result<(), StoreError> {
    if are_saved(connection)? {
        let copy = format!("INSERT INTO {to} SELECT * FROM states WHERE height > ?1 AND height <= ?2");
        connection.execute(&copy, [after, last])?;
    }
    Ok(())
}

/// Removes the states of all our blocks after a height.
pub(crate) fn delete_after(connection: &Connection, height: u64) -> Result<(), StoreError> {
    if are_saved(connection)? {
        connection.execute("DELETE FROM states WHERE height > ?1", [height])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layout::schema;

    fn states(connection: &Connection, table: &str) -> Vec<State> {
        let select = format!("SELECT height, state FROM {table} ORDER BY height");
        let mut select = connection.prepare(&select).unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn states_are_written_copied_and_removed_by_height() {
        let connection = Connection::open_in_memory().unwrap();
        schema::add_states(&connection).unwrap();
        connection.execute_batch("CREATE TABLE theirs AS SELECT * FROM states").unwrap();
        let all: Vec<State> = (1..=5).map(|height| (height, format!("after {height}"))).collect();
        insert(&connection, "states", &all).unwrap();
        assert!(insert(&connection, "states", &all[..1]).is_err());
        copy(&connection, "theirs", 1, 3).unwrap();
        assert_eq!(states(&connection, "theirs"), all[1..3]);
        delete_after(&connection, 2).unwrap();
        assert_eq!(states(&connection, "states"), all[..2]);
    }

    #[test]
    fn chain_without_states_needs_no_table() {
        let connection = Connection::open_in_memory().unwrap();
        assert!(!are_saved(&connection).unwrap());
        insert(&connection, "states", &[]).unwrap();
        copy(&connection, "theirs", 1, 3).unwrap();
        delete_after(&connection, 2).unwrap();
    }
}
