//! A peer's chain while it arrives, in a table of its own; and the moment it becomes ours.
//!
//! Only the blocks after the last one in common are staged. Adopting them is one transaction: either the
//! whole chain, the pool and the staged table change, or nothing does.

use ledger_core::{Block, BlockHash, Tip};
use rusqlite::Connection;

use super::blocks::Tables;
use super::{ReadyBatch, Store, StoreError, blocks, payments};

/// The name that marks a table of staged blocks.
const PREFIX: &str = "staged_";

/// A staged chain: the blocks up to `fork` are ours already, those after it are in the stage's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The number of the stage.
    pub id: u64,
    /// The height of the last block in common with our chain; 0 if not even the genesis is.
    pub fork: u64,
    /// The hash of that block, by which the adoption knows that our chain is still the one compared.
    pub fork_hash: Option<BlockHash>,
    /// The staged chain's last block.
    pub tip: Tip,
}

/// What a reorg did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// How many of our blocks were replaced.
    pub replaced: u64,
    /// How many blocks came instead.
    pub adopted: u64,
}

impl Store {
    /// Makes an empty stage: tables laid out like ours.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn create_stage(&mut self, id: u64) -> Result<(), StoreError> {
        let (ours, staged) = (Tables::ours(), Tables::staged(id));
        self.durably(|connection| {
            create_like(connection, &ours.blocks, &staged.blocks)?;
            create_like(connection, &ours.payments, &staged.payments)
        })
    }

    /// Appends blocks to a stage. They need not be durable yet: the adoption's commit makes them so.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn append_to_stage(&mut self, id: u64, batch: &ReadyBatch) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "synchronous", "normal")?;
        let appended = self.durably(|connection| batch.insert(connection, &Tables::staged(id)));
        self.connection.pragma_update(None, "synchronous", "full")?;
        let _ = self.flush.try_send(()); // a full channel means that the thread is at it
        appended
    }

    /// Removes a stage, if it is there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn drop_stage(&mut self, id: u64) -> Result<(), StoreError> {
        let Tables { blocks, payments } = Tables::staged(id);
        self.connection
            .execute_batch(&format!("DROP TABLE IF EXISTS {blocks}; DROP TABLE IF EXISTS {payments}"))?;
        Ok(())
    }

    /// Removes what a process that was killed left behind.
    pub(super) fn drop_stages(&mut self) -> Result<(), StoreError> {
        let tables: Vec<String> = self
            .connection
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?1")?
            .query_map([format!("{PREFIX}*")], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        tables.iter().try_for_each(|table| {
            self.connection.execute(&format!("DROP TABLE {table}"), [])?;
            Ok(())
        })
    }
}

impl Tables {
    fn staged(id: u64) -> Self {
        Self { blocks: format!("{PREFIX}{id}_blocks"), payments: format!("{PREFIX}{id}_payments") }
    }
}

/// Makes a table with the layout of another.
fn create_like(connection: &Connection, model: &str, name: &str) -> Result<(), StoreError> {
    let select = "SELECT substr(sql, instr(sql, '(')) FROM sqlite_master WHERE type = 'table' AND name = ?1";
    let columns: String = connection.query_row(select, [model], |row| row.get(0))?;
    connection.execute_batch(&format!("CREATE TABLE {name} {columns}"))?;
    Ok(())
}

/// Whether our chain still has the block that a stage builds on.
pub(crate) fn still_fits(connection: &Connection, stage: &Stage) -> Result<bool, StoreError> {
    match stage.fork_hash {
        None => Ok(true),
        Some(hash) => Ok(blocks::hashes(connection, stage.fork, 1)?.first() == Some(&hash)),
    }
}

/// Puts the staged blocks in the place of ours, in a transaction of the caller's.
pub(crate) fn replace_blocks(connection: &Connection, stage: &Stage) -> Result<Adoption, StoreError> {
    let Stage { id, fork, tip, .. } = *stage;
    let ours: u64 = connection.query_row("SELECT max(height) FROM blocks", [], |row| row.get(0))?;
    let adopted = tip.index - fork;
    let Tables { blocks, payments } = Tables::staged(id);
    // The fewer rows are copied: the staged ones to ours, or ours up to the fork to the staged.
    if adopted <= fork {
        connection.execute("DELETE FROM blocks WHERE height > ?1", [fork])?;
        payments::delete_after(connection, fork)?;
        connection.execute_batch(&format!(
            "INSERT INTO blocks SELECT * FROM {blocks}; INSERT INTO payments SELECT * FROM {payments};
             DROP TABLE {blocks}; DROP TABLE {payments}"
        ))?;
    } else {
        payments::delete_after(connection, fork)?;
        connection
            .execute(&format!("INSERT INTO {blocks} SELECT * FROM blocks WHERE height <= ?1"), [fork])?;
        connection.execute_batch(&format!(
            "INSERT INTO {payments} SELECT * FROM payments;
             DROP TABLE blocks; ALTER TABLE {blocks} RENAME TO blocks;
             DROP TABLE payments; ALTER TABLE {payments} RENAME TO payments"
        ))?;
    }
    Ok(Adoption { replaced: ours - fork, adopted })
}

/// Hands over the blocks of ours that a stage would replace, in order.
pub(crate) fn each_replaced(
    connection: &Connection,
    stage: &Stage,
    block: impl FnMut(Block),
) -> Result<(), StoreError> {
    blocks::each(
        connection,
        "SELECT height, text FROM blocks WHERE height > ?1 ORDER BY height",
        stage.fork,
        block,
    )
}

/// Hands over the blocks of a stage, in order.
pub(crate) fn each_staged(
    connection: &Connection,
    stage: &Stage,
    block: impl FnMut(Block),
) -> Result<(), StoreError> {
    let Tables { blocks: table, .. } = Tables::staged(stage.id);
    let select = format!("SELECT height, text FROM {table} WHERE height > ?1 ORDER BY height");
    blocks::each(connection, &select, stage.fork, block)
}
