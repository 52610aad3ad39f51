//! The index that finds a block by its hash. A stage's index is built once all its blocks are written.
//!
//! Hashes are random: with an index to keep up to date, each batch would rewrite all of its pages. So a stage's table begins
//! without one, and the index is written once, from sorted hashes. The table is then what `CREATE TABLE` makes of the layout,
//! index included.
//!
//! `CREATE INDEX` would read all blocks in one go, while the writer serves nobody else. So a reader reads the entries, and the
//! writer writes them some thousands at a time to a table without row ids: SQLite stores its rows exactly like the entries of
//! an index. In the end, the schema declares this table as the index.

use ledger_core::BlockHash;
use rusqlite::Connection;

use crate::store::errors::StoreError;

/// What declares the index in the layout of our blocks.
const UNIQUE: &str = " UNIQUE";

/// An entry of the index: a block's hash and height.
pub(crate) type HashEntry = (BlockHash, u64);

/// Removes the index of hashes from the columns of a table of blocks.
pub(super) fn without_index(columns: &str) -> String {
    columns.replacen(UNIQUE, "", 1)
}

/// The entries of the index of a staged table of blocks, in its order.
///
/// # Errors
///
/// [`StoreError::Damaged`] if two blocks have one hash.
pub(super) fn sorted(snapshot: &Connection, blocks: &str) -> Result<Vec<HashEntry>, StoreError> {
    let mut select = snapshot.prepare(&format!("SELECT hash, height FROM {blocks}"))?;
    let mut rows = select.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let hash = row.get_ref(0)?.as_str().unwrap_or_default().parse();
        let hash = hash.map_err(|error| StoreError::damaged_by("the hash of a staged block", error))?;
        entries.push((hash, row.get(1)?));
    }
    entries.sort_unstable();
    match entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(StoreError::damaged(format!("two staged blocks have the hash {}", pair[0].0))),
        None => Ok(entries),
    }
}

/// Writes the next entries to the table that becomes the index, in the caller's transaction.
pub(super) fn add(connection: &Connection, table: &str, entries: &[HashEntry]) -> Result<(), StoreError> {
    connection.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {table}
         (hash TEXT NOT NULL, height INTEGER NOT NULL, PRIMARY KEY (hash, height)) STRICT, WITHOUT ROWID"
    ))?;
    let mut insert =
        connection.prepare_cached(&format!("INSERT INTO {table} (hash, height) VALUES (?1, ?2)"))?;
    for (hash, height) in entries {
        let hash = hash.to_hex();
        let hash = std::str::from_utf8(&hash).expect("hex digits are ASCII");
        insert.execute((hash, height))?;
    }
    Ok(())
}

/// Turns the table of entries into the index that the layout of a table of blocks declares, in the caller's transaction.
/// `columns` are those of our blocks.
pub(super) fn declare(
    connection: &Connection,
    (blocks, columns): (&str, &str),
    table: &str,
) -> Result<(), StoreError> {
    add(connection, table, &[])?;
    let cookie: i32 = connection.pragma_query_value(None, "schema_version", |row| row.get(0))?;
    connection.pragma_update(None, "writable_schema", true)?;
    let declared = rename(connection, (blocks, columns), table);
    // The other connections read the schema again when the cookie has changed.
    let changed = declared
        .and_then(|()| Ok(connection.pragma_update(None, "schema_version", cookie.wrapping_add(1))?));
    // Also after an error: nothing else may change the schema. RESET makes this connection read it again.
    connection.pragma_update(None, "writable_schema", "reset")?;
    changed
}

fn rename(connection: &Connection, (blocks, columns): (&str, &str), table: &str) -> Result<(), StoreError> {
    let update = "UPDATE sqlite_schema SET sql = ?2 WHERE type = 'table' AND name = ?1";
    connection.execute(update, (blocks, format!("CREATE TABLE {blocks} {columns}")))?;
    let update = "UPDATE sqlite_schema SET type = 'index', name = ?2, tbl_name = ?3, sql = NULL
        WHERE type = 'table' AND name = ?1";
    connection.execute(update, (table, format!("sqlite_autoindex_{blocks}_1"), blocks))?;
    Ok(())
}

#[cfg(test)]
mod tests;
