//! A peer's chain while it arrives, in a table of its own; and the moment it becomes ours.
//!
//! Only the blocks after the last one in common are staged. Adopting them is one transaction: either the
//! whole chain, the pool and the staged table change, or nothing does.

use std::ops::ControlFlow;

use ledger_core::{BlockHash, Tip};
use rusqlite::Connection;

use super::blocks::Tables;
use super::{ReadyBatch, Store, StoreError, blocks, payments, signatures};

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
            create_like(connection, &ours.payments, &staged.payments)?;
            create_like(connection, &ours.signatures, &staged.signatures)
        })
    }

    /// Appends blocks to a stage. They need not be durable yet: the adoption's commit makes them so.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn append_to_stage(&mut self, id: u64, batch: &ReadyBatch) -> Result<(), StoreError> {
        self.undurably(|connection| batch.insert(connection, &Tables::staged(id)))
    }

    /// Removes a stage, if it is there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn drop_stage(&mut self, id: u64) -> Result<(), StoreError> {
        let Tables { blocks, payments, signatures } = Tables::staged(id);
        self.connection.execute_batch(&format!(
            "DROP TABLE IF EXISTS {blocks}; DROP TABLE IF EXISTS {payments}; DROP TABLE IF EXISTS {signatures}"
        ))?;
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
    pub(super) fn staged(id: u64) -> Self {
        let [blocks, payments, signatures] =
            ["blocks", "payments", "signatures"].map(|table| format!("{PREFIX}{id}_{table}"));
        Self { blocks, payments, signatures }
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
    stage.fork_hash.map_or(Ok(true), |hash| is_ours(connection, stage.fork, hash))
}

/// Whether our chain has a block.
pub(crate) fn is_ours(connection: &Connection, height: u64, hash: BlockHash) -> Result<bool, StoreError> {
    Ok(blocks::hashes(connection, height, 1)?.first() == Some(&hash))
}

/// Puts the staged blocks in the place of ours, in a transaction of the caller's.
pub(crate) fn replace_blocks(connection: &Connection, stage: &Stage) -> Result<Adoption, StoreError> {
    let Stage { id, fork, tip, .. } = *stage;
    let ours: u64 = connection.query_row("SELECT max(height) FROM blocks", [], |row| row.get(0))?;
    let adopted = tip.index - fork;
    let Tables { blocks, payments, signatures } = Tables::staged(id);
    payments::delete_after(connection, fork)?;
    signatures::delete_after(connection, fork)?;
    // The fewer rows are copied: the staged ones to ours, or ours up to the fork to the staged.
    if adopted <= fork {
        connection.execute("DELETE FROM blocks WHERE height > ?1", [fork])?;
        connection.execute_batch(&format!(
            "INSERT INTO blocks SELECT * FROM {blocks}; INSERT INTO payments SELECT * FROM {payments};
             INSERT INTO signatures SELECT * FROM {signatures};
             DROP TABLE {blocks}; DROP TABLE {payments}; DROP TABLE {signatures}"
        ))?;
    } else {
        connection
            .execute(&format!("INSERT INTO {blocks} SELECT * FROM blocks WHERE height <= ?1"), [fork])?;
        connection.execute_batch(&format!(
            "INSERT INTO {payments} SELECT * FROM payments; INSERT INTO {signatures} SELECT * FROM signatures;
             DROP TABLE blocks; ALTER TABLE {blocks} RENAME TO blocks;
             DROP TABLE payments; ALTER TABLE {payments} RENAME TO payments;
             DROP TABLE signatures; ALTER TABLE {signatures} RENAME TO signatures"
        ))?;
    }
    Ok(Adoption { replaced: ours - fork, adopted })
}

/// Hands over the texts of a stage's blocks after a height, each with its own, until `block` says to stop.
pub(crate) fn each_staged(
    snapshot: &Connection,
    stage: u64,
    after: u64,
    mut block: impl FnMut(u64, &str) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let Tables { blocks: table, .. } = Tables::staged(stage);
    let select = format!("SELECT height, text FROM {table} WHERE height > ?1 ORDER BY height");
    let mut select = snapshot.prepare_cached(&select)?;
    let mut rows = select.query([after])?;
    while let Some(row) = rows.next()? {
        if block(row.get(0)?, row.get_ref(1)?.as_str().unwrap_or_default())?.is_break() {
            break;
        }
    }
    Ok(())
}
