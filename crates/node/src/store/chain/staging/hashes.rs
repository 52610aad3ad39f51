//! The index by which a block is found by its hash. That of a stage is built when its blocks are there.
//!
//! Hashes are random, so each batch that kept such an index up to date would write all of its pages anew. A stage's table
//! begins without one. Built at once, from sorted hashes, the index is written once. The table is then what `CREATE TABLE`
//! makes of the layout, index included.

use rusqlite::Connection;

use crate::store::errors::StoreError;

/// What declares the index in the layout of our blocks.
const UNIQUE: &str = " UNIQUE";

/// The columns of a table of blocks without the index of hashes, from those with it.
pub(super) fn without_index(columns: &str) -> String {
    columns.replacen(UNIQUE, "", 1)
}

/// Builds the index of a staged table of blocks, in the caller's transaction, if it has none. `columns` are those of our
/// blocks.
pub(super) fn build(connection: &Connection, table: &str, columns: &str) -> Result<(), StoreError> {
    if is_built(connection, table)? {
        return Ok(());
    }
    connection.execute_batch(&format!("CREATE UNIQUE INDEX {table}_hashes ON {table} (hash)"))?;
    connection.pragma_update(None, "writable_schema", true)?;
    let declared = declare(connection, table, columns);
    // Also after an error: nothing else may change the schema. RESET makes this connection read it again; the others do
    // anyway, since the index was created.
    connection.pragma_update(None, "writable_schema", "reset")?;
    declared
}

/// Turns the index into the one that the table's layout declares. Both look the same in the file but for their names.
fn declare(connection: &Connection, table: &str, columns: &str) -> Result<(), StoreError> {
    let update = "UPDATE sqlite_schema SET sql = ?2 WHERE type = 'table' AND name = ?1";
    connection.execute(update, (table, format!("CREATE TABLE {table} {columns}")))?;
    let update = "UPDATE sqlite_schema SET sql = NULL, name = ?2 WHERE type = 'index' AND name = ?1";
    connection.execute(update, (format!("{table}_hashes"), format!("sqlite_autoindex_{table}_1")))?;
    Ok(())
}

/// Whether a table has an index.
fn is_built(connection: &Connection, table: &str) -> Result<bool, StoreError> {
    let select = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1)";
    Ok(connection.query_row(select, [table], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &str = "(\n    height INTEGER PRIMARY KEY,\n    hash   TEXT NOT NULL UNIQUE,\n    text   TEXT NOT NULL\n) STRICT";

    /// A database with a table of blocks that has no index, and these hashes.
    fn stage(hashes: &[&str]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&format!("CREATE TABLE stage {}", without_index(COLUMNS))).unwrap();
        for hash in hashes {
            connection.execute("INSERT INTO stage (hash, text) VALUES (?1, '')", [hash]).unwrap();
        }
        connection
    }

    /// What the schema says of all tables and indexes, and what an integrity check says.
    fn schema(connection: &Connection) -> Vec<(String, String, Option<String>)> {
        let select = "SELECT type, name, sql FROM sqlite_schema UNION ALL
            SELECT 'check', integrity_check, NULL FROM pragma_integrity_check ORDER BY 1, 2";
        let mut select = connection.prepare(select).unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn built_index_is_the_declared_one() {
        let stage = stage(&["b", "a", "c"]);
        assert!(!is_built(&stage, "stage").unwrap());
        for _ in 0..2 {
            build(&stage, "stage", COLUMNS).unwrap();
        }
        let declared = Connection::open_in_memory().unwrap();
        declared.execute_batch(&format!("CREATE TABLE stage {COLUMNS}")).unwrap();
        assert_eq!(schema(&stage), schema(&declared));
        let plan = "EXPLAIN QUERY PLAN SELECT height FROM stage WHERE hash = 'a'";
        let plan: String = stage.query_row(plan, [], |row| row.get(3)).unwrap();
        assert!(plan.contains("sqlite_autoindex_stage_1"), "{plan}");
        assert!(stage.execute("INSERT INTO stage (hash, text) VALUES ('a', '')", []).is_err());
    }

    #[test]
    fn renamed_table_keeps_its_index() {
        let stage = stage(&["b", "a"]);
        build(&stage, "stage", COLUMNS).unwrap();
        stage
            .execute_batch("ALTER TABLE stage RENAME TO blocks; INSERT INTO blocks VALUES (9, 'c', '')")
            .unwrap();
        let names: Vec<_> = schema(&stage).into_iter().map(|(_, name, _)| name).collect();
        assert_eq!(names, ["ok", "sqlite_autoindex_blocks_1", "blocks"]);
    }

    #[test]
    fn repeated_hash_changes_nothing() {
        let mut stage = stage(&["a", "a"]);
        let before = schema(&stage);
        let transaction = stage.transaction().unwrap();
        assert!(build(&transaction, "stage", COLUMNS).is_err());
        drop(transaction);
        assert_eq!(schema(&stage), before);
        let update = "UPDATE sqlite_schema SET sql = NULL";
        assert!(stage.execute(update, []).is_err(), "the schema cannot be written");
    }
}
