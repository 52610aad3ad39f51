//! The chain on disk.

use ledger_core::{Block, BlockHash, EncodedBlock, Rules, Tip};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{Batch, Finding, Keys, Store, StoreError, audit};

/// How many of the newest blocks are checked when a store is opened.
const CHECKED_AT_START: u64 = 1_000;

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
        let last = audit::structure(&self.connection)?;
        let from = last.saturating_sub(CHECKED_AT_START - 1).max(1);
        audit::blocks(&self.connection, rules, from..=last, &mut Keys::default()).map(drop)
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

/// Finds a block's hash, as its row says, and its text.
///
/// # Errors
///
/// [`StoreError::Damaged`] for a hash that is none.
pub(crate) fn find(
    connection: &Connection,
    which: &Which,
) -> Result<Option<(BlockHash, String)>, StoreError> {
    let answer = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let no_hash = |_| StoreError::Damaged("a hash is none".into());
    let found = match which {
        Which::Latest => connection
            .prepare_cached("SELECT hash, text FROM blocks ORDER BY height DESC LIMIT 1")?
            .query_row([], answer),
        Which::Index(index) => connection
            .prepare_cached("SELECT hash, text FROM blocks WHERE height = ?1")?
            .query_row([i64::try_from(*index).unwrap_or(-1)], answer),
        Which::Hash(hash) => connection
            .prepare_cached("SELECT hash, text FROM blocks WHERE hash = ?1")?
            .query_row([hash.to_string()], answer),
    };
    let found: Option<(String, String)> = found.optional()?;
    found.map(|(hash, text)| Ok((hash.parse().map_err(no_hash)?, text))).transpose()
}

/// Reads the block at a height.
///
/// # Errors
///
/// [`StoreError::Damaged`] if it is not there or is none.
pub(crate) fn at(connection: &Connection, height: u64) -> Result<Block, StoreError> {
    let missing = || StoreError::Damaged(format!("block {height} is missing"));
    let (_, text) = find(connection, &Which::Index(height))?.ok_or_else(missing)?;
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
