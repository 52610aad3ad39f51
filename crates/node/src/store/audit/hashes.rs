//! Whether the index of hashes finds blocks. Looks many up in the order of their hashes, which reads each page of the index once.
//! In the order of the blocks, almost each look-up would read another page.

use ledger_core::{BlockHash, Height};
use rusqlite::{Connection, OptionalExtension};

use crate::store::errors::{Finding, StoreError};

/// Look-ups in a snapshot.
const LOOK_UPS: usize = 1024;

/// Blocks to look up by their hashes.
#[derive(Debug, Default)]
pub(crate) struct Hashes {
    blocks: Vec<(BlockHash, Height)>,
    /// The lowest block that was not found.
    missing: Option<Height>,
}

impl Hashes {
    /// Adds a block.
    pub(super) fn add(&mut self, hash: BlockHash, height: Height) {
        self.blocks.push((hash, height));
    }

    /// Looks up the next blocks. Returns whether there are more.
    ///
    /// # Errors
    ///
    /// After the last one, [`Finding::NotIndexed`] with the lowest block that was not found; [`StoreError`] of the database.
    pub(crate) fn look_up(&mut self, snapshot: &Connection) -> Result<bool, Finding> {
        self.blocks.sort_unstable();
        let next = self.blocks.len().saturating_sub(LOOK_UPS);
        for (hash, height) in self.blocks.drain(next..) {
            if !is_found(snapshot, height, hash)? {
                self.missing = Some(self.missing.map_or(height, |lowest| lowest.min(height)));
            }
        }
        match self.missing {
            Some(height) if self.blocks.is_empty() => Err(Finding::NotIndexed(height.get())),
            _ => Ok(!self.blocks.is_empty()),
        }
    }
}

fn is_found(snapshot: &Connection, height: Height, hash: BlockHash) -> Result<bool, StoreError> {
    let mut select = snapshot.prepare_cached("SELECT height FROM blocks WHERE hash = ?1")?;
    let found = select.query_row([hash.to_string()], |row| row.get::<_, i64>(0)).optional()?;
    Ok(found == i64::try_from(height.get()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: usize) -> BlockHash {
        BlockHash::of_text(&number.to_string())
    }

    /// A table of blocks, without these heights.
    fn blocks(last: usize, without: &[usize]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE blocks (height INTEGER PRIMARY KEY, hash TEXT UNIQUE)")
            .unwrap();
        for height in (1..=last).filter(|height| !without.contains(height)) {
            connection
                .execute("INSERT INTO blocks VALUES (?1, ?2)", (height, hash(height).to_string()))
                .unwrap();
        }
        connection
    }

    fn hashes(last: usize) -> Hashes {
        let mut hashes = Hashes::default();
        (1..=last).for_each(|height| hashes.add(hash(height), Height::new(height as u64).unwrap()));
        hashes
    }

    #[test]
    fn blocks_are_looked_up_some_at_a_time() {
        let (connection, mut hashes) = (blocks(2 * LOOK_UPS + 1, &[]), hashes(2 * LOOK_UPS + 1));
        assert!(hashes.look_up(&connection).unwrap());
        assert_eq!(hashes.blocks.len(), LOOK_UPS + 1);
        assert!(hashes.look_up(&connection).unwrap());
        assert!(!hashes.look_up(&connection).unwrap());
        assert!(!hashes.look_up(&connection).unwrap(), "there are none left");
    }

    #[test]
    fn lowest_block_that_is_not_found_is_reported_at_the_end() {
        let (connection, mut hashes) = (blocks(LOOK_UPS + 1, &[7, 8, 900]), hashes(LOOK_UPS + 1));
        assert!(hashes.look_up(&connection).unwrap());
        assert!(matches!(hashes.look_up(&connection), Err(Finding::NotIndexed(7))));
    }

    #[test]
    fn block_found_at_another_height_is_not_found() {
        let connection = blocks(3, &[]);
        connection.execute_batch("UPDATE blocks SET height = 9 WHERE height = 2").unwrap();
        assert!(matches!(hashes(3).look_up(&connection), Err(Finding::NotIndexed(2))));
    }
}
