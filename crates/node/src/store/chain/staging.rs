//! Stages an incoming chain in its own tables, and adopts it.
//!
//! Only the blocks after the last one in common are staged. The adoption is one transaction: chain and pool change
//! together, or nothing does. `hashes` builds a stage's index of hashes.

mod hashes;

use std::ops::ControlFlow;

use ledger_core::{BlockHash, ForkPoint};
use rusqlite::Connection;

pub(crate) use hashes::HashEntry;

use super::stage::{Adoption, Stage};
use super::tables::{PREFIX, Tables};
use super::{blocks, signatures, states};
use crate::store::errors::StoreError;
use crate::store::index::rows;
use crate::store::layout::tip_seal;

/// Creates an empty stage, in the caller's transaction: tables with the same layout as ours, but without the index of
/// hashes.
pub(crate) fn create(connection: &Connection, id: u64) -> Result<(), StoreError> {
    let blocks = Tables::ours().blocks;
    for (ours, staged) in pairs(connection, id)? {
        let columns = columns(connection, &ours)?;
        let columns = if ours == blocks { hashes::without_index(&columns) } else { columns };
        connection.execute_batch(&format!("CREATE TABLE {staged} {columns}"))?;
    }
    Ok(())
}

/// The entries of a stage's index of hashes, in its order. Reads all of its blocks.
///
/// # Errors
///
/// [`StoreError::Damaged`] if two blocks have one hash.
pub(crate) fn hashes(snapshot: &Connection, id: u64) -> Result<Vec<HashEntry>, StoreError> {
    hashes::sorted(snapshot, &Tables::staged(id).blocks)
}

/// Writes the next entries of a stage's index of hashes, in the caller's transaction.
pub(crate) fn add_hashes(connection: &Connection, id: u64, entries: &[HashEntry]) -> Result<(), StoreError> {
    hashes::add(connection, &Tables::staged(id).hashes, entries)
}

/// Declares a stage's index of hashes in the schema, in the caller's transaction. Do this before its tables replace ours.
pub(crate) fn declare_hashes(connection: &Connection, id: u64) -> Result<(), StoreError> {
    let (staged, columns) = (Tables::staged(id), columns(connection, &Tables::ours().blocks)?);
    hashes::declare(connection, (&staged.blocks, &columns), &staged.hashes)
}

/// The tables of our chain, each with that of a stage.
fn pairs(connection: &Connection, id: u64) -> Result<Vec<(String, String)>, StoreError> {
    let (ours, staged) = (Tables::ours(), Tables::staged(id));
    let mut pairs = vec![
        (ours.blocks, staged.blocks),
        (ours.payments, staged.payments),
        (ours.signatures, staged.signatures),
    ];
    if states::are_saved(connection)? {
        pairs.push((ours.states, staged.states));
    }
    Ok(pairs)
}

/// The tables of a stage and those that it replaced. `None` means all stages.
pub(crate) fn tables(connection: &Connection, id: Option<u64>) -> Result<Vec<String>, StoreError> {
    let pattern = id.map_or_else(|| format!("{PREFIX}*"), |id| format!("{PREFIX}{id}_*"));
    let select = "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?1";
    let mut select = connection.prepare(select)?;
    let names = select.query_map([pattern], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The columns of one of our tables, as they were declared.
fn columns(connection: &Connection, table: &str) -> Result<String, StoreError> {
    let select = "SELECT substr(sql, instr(sql, '(')) FROM sqlite_master WHERE type = 'table' AND name = ?1";
    Ok(connection.query_row(select, [table], |row| row.get(0))?)
}

/// Whether our chain still has the block that a stage builds on.
pub(crate) fn still_fits(connection: &Connection, stage: &Stage) -> Result<bool, StoreError> {
    match stage.fork {
        ForkPoint::Nothing => Ok(true),
        ForkPoint::Block { height, hash } => is_ours(connection, height.get(), hash),
    }
}

/// Whether our chain has a block.
pub(crate) fn is_ours(connection: &Connection, height: u64, hash: BlockHash) -> Result<bool, StoreError> {
    Ok(blocks::hashes(connection, height, 1)?.first() == Some(&hash))
}

/// Replaces our blocks with the staged ones, in the caller's transaction.
pub(crate) fn replace_blocks(connection: &Connection, stage: &Stage) -> Result<Adoption, StoreError> {
    let Stage { id, tip, .. } = *stage;
    let fork = stage.fork.shared();
    let ours: u64 = connection.query_row("SELECT max(height) FROM blocks", [], |row| row.get(0))?;
    let adopted = tip.height.get() - fork;
    if stage.has_common {
        for (ours, staged) in pairs(connection, id)? {
            connection.execute_batch(&format!(
                "ALTER TABLE {ours} RENAME TO {PREFIX}{id}_replaced_{ours}; ALTER TABLE {staged} RENAME TO {ours}"
            ))?;
        }
    } else {
        // Only if needed: looking for rows of later blocks takes long if the fork's segment has millions of payments.
        if ours > fork {
            connection.execute("DELETE FROM blocks WHERE height > ?1", [fork])?;
            rows::delete_after(connection, fork)?;
            signatures::delete_after(connection, fork)?;
            states::delete_after(connection, fork)?;
        }
        for (ours, staged) in pairs(connection, id)? {
            connection.execute(&format!("INSERT INTO {ours} SELECT * FROM {staged}"), [])?;
        }
    }
    tip_seal::renew(connection, tip.height.get(), tip.hash)?;
    Ok(Adoption { replaced: ours - fork, adopted })
}

/// Calls `block` with the height and text of each staged block after a height, until it breaks.
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
