//! The seal of the last block, which no later block protects: its height and hash, written in the transaction that
//! appends it.

use ledger_core::BlockHash;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use super::schema;
use crate::store::errors::{Finding, StoreError};

/// The first layout that seals the last block.
const FIRST_LAYOUT: usize = 4;

/// Seals a new last block, in the caller's transaction.
pub(crate) fn renew(connection: &Connection, height: u64, hash: BlockHash) -> Result<(), StoreError> {
    let replace = "INSERT OR REPLACE INTO seals (name, rows, digest) VALUES ('tip', ?1, ?2)";
    connection.prepare_cached(replace)?.execute((height, hash.to_string()))?;
    Ok(())
}

/// Seals the last block if it has no seal: an older layout had none.
pub(crate) fn add_missing(connection: &Connection) -> Result<(), StoreError> {
    let insert = "INSERT OR IGNORE INTO seals (name, rows, digest)
        SELECT 'tip', height, hash FROM blocks ORDER BY height DESC LIMIT 1";
    connection.execute(insert, [])?;
    Ok(())
}

/// Whether the last block is sealed.
pub(crate) fn is_there(snapshot: &Connection) -> Result<bool, StoreError> {
    Ok(kept(snapshot)?.is_some())
}

/// Compares the last block with its seal, if there is one. The walk reports a block whose text does not match its
/// hash.
///
/// # Errors
///
/// [`Finding::Last`], [`Finding::Cut`] or [`Finding::Added`].
pub(crate) fn check(snapshot: &Connection, last: u64) -> Result<(), Finding> {
    match kept(snapshot)? {
        // A file without a chain is refused elsewhere.
        _ if last == 0 => Ok(()),
        Some((sealed, _)) if last < sealed => Err(Finding::Cut { sealed, last }),
        Some((sealed, _)) if last > sealed => Err(Finding::Added { sealed, last }),
        Some((_, kept)) => compare(snapshot, last, kept),
        None => Ok(()),
    }
}

fn compare(snapshot: &Connection, height: u64, kept: String) -> Result<(), Finding> {
    let select = "SELECT hash, text FROM blocks WHERE height = ?1 AND hash <> ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, hash_of(row.get_ref(1)?)));
    let differs = snapshot.query_row(select, (height, &kept), read).optional().map_err(StoreError::from)?;
    let Some((stored, found)): Option<(String, BlockHash)> = differs else { return Ok(()) };
    if found.to_string() == stored { Err(Finding::Last { height, kept, found }) } else { Ok(()) }
}

/// The hash of a text. A value that is not a text gets a hash that no block has.
fn hash_of(text: ValueRef<'_>) -> BlockHash {
    BlockHash::of_text(text.as_str().unwrap_or_default())
}

fn kept(snapshot: &Connection) -> Result<Option<(u64, String)>, StoreError> {
    if schema::layout(snapshot)? < FIRST_LAYOUT {
        return Ok(None);
    }
    let select = "SELECT rows, digest FROM seals WHERE name = 'tip'";
    Ok(snapshot.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of rows with these texts, each hashed.
    fn chain(texts: &[&str]) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create(&mut connection).unwrap();
        for (height, text) in (1..).zip(texts) {
            let hash = BlockHash::of_text(text).to_string();
            let insert = "INSERT INTO blocks (height, hash, text) VALUES (?1, ?2, ?3)";
            connection.execute(insert, (height, hash, text)).unwrap();
        }
        connection
    }

    #[test]
    fn last_block_must_be_the_sealed_one() {
        let connection = chain(&["one", "two"]);
        assert!(!is_there(&connection).unwrap());
        check(&connection, 2).unwrap();
        add_missing(&connection).unwrap();
        assert!(is_there(&connection).unwrap());
        check(&connection, 2).unwrap();
        check(&connection, 0).expect("a file without a chain is refused elsewhere");
        assert!(matches!(check(&connection, 1), Err(Finding::Cut { sealed: 2, last: 1 })));
        assert!(matches!(check(&connection, 3), Err(Finding::Added { sealed: 2, last: 3 })));
        renew(&connection, 1, BlockHash::of_text("one")).unwrap();
        check(&connection, 1).unwrap();
        add_missing(&connection).unwrap();
        check(&connection, 1).expect("an existing seal stays");
    }

    #[test]
    fn last_block_changed_with_its_hash_is_found() {
        let connection = chain(&["changed"]);
        let kept = BlockHash::of_text("written");
        renew(&connection, 1, kept).unwrap();
        let found = BlockHash::of_text("changed");
        let changed = check(&connection, 1).unwrap_err();
        let Finding::Last { height: 1, kept: was, found: is } = changed else { panic!("{changed}") };
        assert_eq!((was, is), (kept.to_string(), found));
        connection.execute("UPDATE blocks SET text = 'other'", []).unwrap();
        check(&connection, 1).expect("the walk reports a text that does not match its hash");
    }

    #[test]
    fn older_layout_has_no_tip_seal() {
        let connection = chain(&["one"]);
        renew(&connection, 1, BlockHash::of_text("one")).unwrap();
        for (layout, has_seal) in [(FIRST_LAYOUT, true), (FIRST_LAYOUT - 1, false)] {
            connection.pragma_update(None, "user_version", layout).unwrap();
            assert_eq!(is_there(&connection).unwrap(), has_seal);
        }
    }
}
