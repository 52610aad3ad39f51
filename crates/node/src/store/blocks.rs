//! The chain on disk.

use ledger_core::{Block, BlockHash, EncodedBlock, Tip};
use rusqlite::{Connection, OptionalExtension};

use super::{Store, StoreError};

impl Store {
    /// The last block's index, proof and hash, as the last block's text says; none in an empty store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if the last row is not the block its hash names.
    pub fn tip(&self) -> Result<Option<Tip>, StoreError> {
        let last = self
            .connection
            .query_row("SELECT height, hash, text FROM blocks ORDER BY height DESC LIMIT 1", [], |row| {
                Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        last.map(|(height, hash, text)| checked_tip(height, &hash, &text)).transpose()
    }

    /// Appends a block.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; nothing has changed then.
    pub fn append(&mut self, block: &EncodedBlock) -> Result<(), StoreError> {
        self.append_and(block, |_| Ok(()))
    }

    /// Appends a block and makes the change that belongs to it, as one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; nothing has changed then.
    pub fn append_and(
        &mut self,
        block: &EncodedBlock,
        change: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.durably(|connection| {
            append(connection, block)?;
            change(connection)
        })
    }
}

fn checked_tip(height: u64, hash: &str, text: &str) -> Result<Tip, StoreError> {
    let block =
        EncodedBlock::from_json(text.as_bytes()).map_err(|error| StoreError::block(height, &error))?;
    if block.hash().to_string() != hash {
        let says = format!("block {height} hashes to {}, but the row says {hash}", block.hash());
        return Err(StoreError::Damaged(says));
    }
    Ok(Tip::of(&block))
}

fn append(connection: &Connection, block: &EncodedBlock) -> Result<(), StoreError> {
    let mut insert =
        connection.prepare_cached("INSERT INTO blocks (height, hash, text) VALUES (?1, ?2, ?3)")?;
    insert.execute((block.block().index, block.hash().to_string(), block.text()))?;
    Ok(())
}

/// Hands over the blocks of a query that answers heights and texts.
///
/// # Errors
///
/// [`StoreError::Damaged`] for a text that is no block.
pub(super) fn each(
    connection: &Connection,
    select: &str,
    after: u64,
    mut block: impl FnMut(Block),
) -> Result<(), StoreError> {
    let mut select = connection.prepare(select)?;
    let mut rows = select.query([after])?;
    while let Some(row) = rows.next()? {
        block(parse(row.get(0)?, row.get_ref(1)?.as_bytes().unwrap_or_default())?);
    }
    Ok(())
}

/// Reads the hashes of some consecutive blocks, as the rows say.
///
/// # Errors
///
/// [`StoreError::Damaged`] for what is no hash.
pub(crate) fn hashes(connection: &Connection, from: u64, count: u64) -> Result<Vec<BlockHash>, StoreError> {
    let mut select =
        connection.prepare_cached("SELECT hash FROM blocks WHERE height >= ?1 ORDER BY height LIMIT ?2")?;
    let rows = select.query_map([from, count], |row| row.get::<_, String>(0))?;
    rows.map(|row| row?.parse().map_err(|_| StoreError::Damaged("a hash is none".into()))).collect()
}

fn parse(height: u64, text: &[u8]) -> Result<Block, StoreError> {
    Block::from_json(text).map_err(|error| StoreError::block(height, &error))
}
