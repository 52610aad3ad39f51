//! The chain on disk.

use ledger_core::{Block, BlockHash, EncodedBlock, Rules, Tip};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{Batch, Finding, Keys, Store, StoreError, audit, lookup};

impl Store {
    /// The last block's index, proof and hash, as the last block's text says; none without a chain.
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

    /// Checks that no block is missing, and the newest blocks in full. Takes well under a second for any
    /// chain of blocks that are not huge; `node verify` checks all.
    ///
    /// # Errors
    ///
    /// The first [`Finding`].
    pub fn check_newest(&self, rules: Rules) -> Result<(), Finding> {
        audit::newest(&self.connection, rules)
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
        let mut batch = Batch::default();
        batch.add(&block.into(), &mut Keys::default());
        let batch = batch.ready();
        self.durably(|connection| {
            batch.insert(connection, &Tables::ours())?;
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

/// The names of the tables that hold a chain.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    pub(super) blocks: String,
    pub(super) payments: String,
    pub(super) signatures: String,
}

impl Tables {
    /// Our own chain's.
    pub(super) fn ours() -> Self {
        Self { blocks: "blocks".into(), payments: "payments".into(), signatures: "signatures".into() }
    }
}

/// Which block is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The last one.
    Latest,
    /// The one with this index.
    Index(u64),
    /// The one with this hash.
    Hash(BlockHash),
}

/// Finds a block, and checks that it is the one that was stored.
///
/// # Errors
///
/// [`StoreError::Damaged`] for a block that was changed.
pub(crate) fn find(snapshot: &Connection, which: &Which) -> Result<Option<(BlockHash, String)>, StoreError> {
    let answer = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found = match which {
        Which::Latest => snapshot
            .prepare_cached("SELECT height, hash, text FROM blocks ORDER BY height DESC LIMIT 1")?
            .query_row([], answer),
        Which::Index(index) => snapshot
            .prepare_cached("SELECT height, hash, text FROM blocks WHERE height = ?1")?
            .query_row([i64::try_from(*index).unwrap_or(-1)], answer),
        Which::Hash(hash) => snapshot
            .prepare_cached("SELECT height, hash, text FROM blocks WHERE hash = ?1")?
            .query_row([hash.to_string()], answer),
    };
    let found: Option<(u64, String, String)> = found.optional()?;
    let Some((height, stored, text)) = found else { return Ok(None) };
    let hash = lookup::check(snapshot, height, &stored, &text)?;
    match which {
        Which::Hash(wanted) if *wanted != hash => Err(lookup::damaged(Finding::NotIndexed(height))),
        _ => Ok(Some((hash, text))),
    }
}

/// Reads the block at a height, and checks it.
///
/// # Errors
///
/// [`StoreError::Damaged`] if it is not there or was changed.
pub(crate) fn at(snapshot: &Connection, height: u64) -> Result<Block, StoreError> {
    let (_, text) =
        find(snapshot, &Which::Index(height))?.ok_or_else(|| lookup::damaged(Finding::Missing(height)))?;
    parse(height, text.as_bytes())
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
