//! Signatures of payments in our blocks that this node verified. Only these payments may return to the pool.
//!
//! Blocks hold no signatures. A row is added when a payment of our pool enters our chain, and removed with its block.

use std::ops::RangeInclusive;

use ledger_core::seam::payment_texts;
use rusqlite::{Connection, OptionalExtension};

use super::stage::Stage;
use super::tables::Tables;
use crate::store::errors::StoreError;

/// Where a payment is: the height of its block, and its position in that block, from 0.
pub(crate) type Position = (u64, u64);

/// A payment of ours that a staged chain holds.
#[derive(Clone, Debug)]
pub(crate) struct Confirmed {
    /// Its position in the staged chain.
    pub(crate) position: Position,
    /// Where its signature is.
    pub(crate) signature: SignatureSource,
}

/// Where to take a signature that moves to another block.
#[derive(Clone, Debug)]
pub(crate) enum SignatureSource {
    /// From the row of the payment at this position in our chain.
    Stored(Position),
    /// The signature itself, of a payment in the pool.
    Given(String),
}

/// Writes signatures to a stage, in the caller's transaction.
pub(crate) fn stage(connection: &Connection, id: u64, confirmed: &[Confirmed]) -> Result<(), StoreError> {
    let table = Tables::staged(id).signatures;
    let insert = format!("INSERT INTO {table} (height, position, signature)");
    let mut copy = connection.prepare_cached(&format!(
        "{insert} SELECT ?1, ?2, signature FROM signatures WHERE height = ?3 AND position = ?4"
    ))?;
    let mut write = connection.prepare_cached(&format!("{insert} VALUES (?1, ?2, ?3)"))?;
    confirmed.iter().try_for_each(|Confirmed { position: (height, position), signature }| {
        match signature {
            SignatureSource::Stored(from) => copy.execute((height, position, from.0, from.1)),
            SignatureSource::Given(signature) => write.execute((height, position, signature)),
        }?;
        Ok(())
    })
}

/// Removes the signatures of a stage's own blocks, in the caller's transaction.
pub(crate) fn unstage(connection: &Connection, stage: &Stage) -> Result<(), StoreError> {
    let delete = format!("DELETE FROM {} WHERE height > ?1", Tables::staged(stage.id).signatures);
    connection.execute(&delete, [stage.fork.shared()])?;
    Ok(())
}

/// Adds signatures for a block of ours, by the payments' positions, in the caller's transaction.
pub(crate) fn add<'a>(
    connection: &Connection,
    height: u64,
    signatures: impl Iterator<Item = (u64, &'a str)>,
) -> Result<(), StoreError> {
    let insert = "INSERT INTO signatures (height, position, signature) VALUES (?1, ?2, ?3)";
    let mut insert = connection.prepare_cached(insert)?;
    for (position, signature) in signatures {
        insert.execute((height, position, signature))?;
    }
    Ok(())
}

/// Copies the next signatures, after a position and up to a height. Returns the position of the last one if there are more.
pub(crate) fn copy(
    connection: &Connection,
    to: &str,
    after: Position,
    height: u64,
    rows: u32,
) -> Result<Option<Position>, StoreError> {
    let which = "(height, position) > (?1, ?2) AND height <= ?3";
    let select = format!(
        "SELECT height, position FROM signatures WHERE {which} ORDER BY height, position LIMIT 1 OFFSET {rows}"
    );
    let until: Option<Position> = connection
        .query_row(&select, (after.0, after.1, height), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (last, position) = until.unwrap_or((height, i64::MAX.unsigned_abs()));
    let copy =
        format!("INSERT INTO {to} SELECT * FROM signatures WHERE {which} AND (height, position) <= (?4, ?5)");
    connection.execute(&copy, (after.0, after.1, height, last, position))?;
    Ok(until)
}

/// Removes the signatures of all blocks after a height.
pub(crate) fn delete_after(connection: &Connection, height: u64) -> Result<(), StoreError> {
    connection.execute("DELETE FROM signatures WHERE height > ?1", [height])?;
    Ok(())
}

/// The first of our blocks in a range that has signatures.
pub(crate) fn first_block(
    snapshot: &Connection,
    heights: RangeInclusive<u64>,
) -> Result<Option<u64>, StoreError> {
    let mut select =
        snapshot.prepare_cached("SELECT min(height) FROM signatures WHERE height BETWEEN ?1 AND ?2")?;
    Ok(select.query_row((heights.start(), heights.end()), |row| row.get(0))?)
}

/// Calls `payment` with the position, canonical text and signature of each payment of a block whose signature is stored.
pub(crate) fn of_block(
    snapshot: &Connection,
    height: u64,
    mut payment: impl FnMut(u64, &str, &str),
) -> Result<(), StoreError> {
    let mut texts = snapshot.prepare_cached("SELECT text FROM blocks WHERE height = ?1")?;
    let mut texts = texts.query([height])?;
    let Some(block) = texts.next()? else { return Ok(()) };
    let mut texts = (0..).zip(payment_texts(block.get_ref(0)?.as_str().unwrap_or_default()));
    let select = "SELECT position, signature FROM signatures WHERE height = ?1 ORDER BY position";
    let mut signatures = snapshot.prepare_cached(select)?;
    let mut rows = signatures.query([height])?;
    while let Some(row) = rows.next()? {
        let at: u64 = row.get(0)?;
        if let Some((position, text)) = texts.find(|(position, _)| *position == at) {
            payment(position, text, row.get_ref(1)?.as_str().unwrap_or_default());
        }
    }
    Ok(())
}

/// Calls `payment` with the position and canonical text of each payment of a block whose signature is not stored. Returns the
/// bytes of the block, or 0 if there is no such block.
pub(crate) fn unsigned_of_block(
    snapshot: &Connection,
    height: u64,
    mut payment: impl FnMut(u64, &str),
) -> Result<usize, StoreError> {
    let select = "SELECT position FROM signatures WHERE height = ?1 ORDER BY position";
    let mut select = snapshot.prepare_cached(select)?;
    let signed: Vec<u64> = select.query_map([height], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut texts = snapshot.prepare_cached("SELECT text FROM blocks WHERE height = ?1")?;
    let mut texts = texts.query([height])?;
    let Some(block) = texts.next()? else { return Ok(0) };
    let text = block.get_ref(0)?.as_str().unwrap_or_default();
    for (position, text) in (0..).zip(payment_texts(text)) {
        if signed.binary_search(&position).is_err() {
            payment(position, text);
        }
    }
    Ok(text.len())
}

/// The positions in a staged block whose signatures are staged already.
pub(crate) fn staged_positions(
    snapshot: &Connection,
    stage: u64,
    height: u64,
) -> Result<Vec<u64>, StoreError> {
    let table = Tables::staged(stage).signatures;
    let select = format!("SELECT position FROM {table} WHERE height = ?1 ORDER BY position");
    let mut select = snapshot.prepare_cached(&select)?;
    let rows = select.query_map([height], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
