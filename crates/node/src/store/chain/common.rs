//! Copies the blocks that a staged chain has in common with ours into the stage, a little at a time, before the adoption. The
//! adoption then only renames tables, which is quick.
//!
//! The copy stays correct if our chain changes after the fork. The index of payments is copied in whole segments. The rows
//! of the fork's own segment may hold millions of payments of later blocks, so they are rebuilt from the blocks.

use ledger_core::ForkPoint;
use ledger_core::seam::RuleSet;
use rusqlite::Connection;

use super::batch::{Batch, ReadyBatch};
use super::signatures::{self, Position};
use super::stage::Stage;
use super::tables::Tables;
use super::{blocks, states};
use crate::store::errors::StoreError;
use crate::store::index::rows::{self, RowKey};
use crate::store::index::{Keys, SEGMENT};

/// The largest weight of an adoption without a copy, which deletes and appends blocks: about half a second of work.
const AT_ONCE: u64 = 256 << 20;

/// The weight of a staged payment in addition to its bytes: it has two rows in the index.
const PAYMENT: u64 = 512;

/// Maximum bytes to copy per byte of weight that the copy saves.
const MAX_COPY_RATIO: u64 = 16;

/// Bytes of blocks copied at a time.
const BYTES: u64 = 8 << 20;

/// Rows of other tables copied at a time.
const ROWS: u32 = 4096;

/// The progress of a copy.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Copied {
    blocks: u64,
    payments: Part<RowKey>,
    signatures: Part<Position>,
}

/// The progress in one table.
#[derive(Clone, Copy, Debug, Default)]
enum Part<Key> {
    #[default]
    Begin,
    UpTo(Key),
    All,
}

/// The bytes of the common blocks, if they should be copied: if there are fewer of them than new blocks, or if an adoption
/// without a copy would hold up the writer. `None` otherwise, and if the copy costs far more than it saves.
pub(crate) fn bytes_to_copy(snapshot: &Connection, stage: &Stage) -> Result<Option<u64>, StoreError> {
    if stage.fork == ForkPoint::Nothing {
        return Ok(Some(0));
    }
    let bytes = |condition: &str| -> Result<u64, StoreError> {
        let select =
            format!("SELECT coalesce(sum(octet_length(text)), 0) FROM blocks WHERE height {condition} ?1");
        Ok(snapshot.query_row(&select, [stage.fork.shared()], |row| row.get(0))?)
    };
    // Short payments have four times their bytes in the index.
    let weight = stage.bytes + PAYMENT * stage.payments + 4 * bytes(">")?;
    if stage.tip.height.get() - stage.fork.shared() <= stage.fork.shared() && weight <= AT_ONCE {
        return Ok(None);
    }
    let common = bytes("<=")?;
    Ok((common <= MAX_COPY_RATIO * weight).then_some(common))
}

/// The last block whose index rows are copied in whole segments.
pub(crate) fn whole_segments(fork: u64) -> u64 {
    (fork / SEGMENT * SEGMENT).saturating_sub(1)
}

/// Builds the index rows of the next blocks, after one height and up to another. Returns them and the height of the last
/// block. Stops before a block of more than `largest` bytes, even if it is the first.
pub(crate) fn index(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    (after, to): (u64, u64),
    largest: usize,
) -> Result<(ReadyBatch, u64), StoreError> {
    let select = "SELECT height, CASE WHEN octet_length(text) <= ?3 THEN text END
        FROM blocks WHERE height > ?1 AND height <= ?2 ORDER BY height";
    let mut select = snapshot.prepare_cached(select)?;
    let mut rows = select.query((after, to, i64::try_from(largest).unwrap_or(i64::MAX)))?;
    let (mut batch, mut keys, mut last, mut bytes) = (Batch::default(), Keys::default(), after, 0);
    while let Some(row) = rows.next()? {
        let Ok(text) = row.get_ref(1)?.as_bytes() else { return Ok((batch.ready(), last)) };
        last = row.get(0)?;
        let movements = rules.movements(text).map_err(|error| StoreError::block(last, error))?;
        batch.add_movements(blocks::placed(last)?, &movements, &mut keys);
        bytes += text.len() as u64;
        if bytes >= BYTES {
            return Ok((batch.ready(), last));
        }
    }
    Ok((batch.ready(), to))
}

/// Copies the next part, in the caller's transaction, except the [`index`] of the fork's segment. Returns `None` when all is
/// copied.
pub(crate) fn copy(
    connection: &Connection,
    stage: &Stage,
    copied: Copied,
) -> Result<Option<Copied>, StoreError> {
    let (to, fork) = (Tables::staged(stage.id), stage.fork.shared());
    if copied.blocks < fork {
        let blocks = copy_blocks(connection, &to, copied.blocks, fork)?;
        return Ok(Some(Copied { blocks, ..copied }));
    }
    let payments = copied.payments.copy((0, i64::MIN, 0), |after| {
        rows::copy(connection, &to.payments, after, fork / SEGMENT, (ROWS, BYTES))
    })?;
    if let Some(payments) = payments {
        return Ok(Some(Copied { payments, ..copied }));
    }
    let signatures = copied
        .signatures
        .copy((0, 0), |after| signatures::copy(connection, &to.signatures, after, fork, ROWS))?;
    Ok(signatures.map(|signatures| Copied { payments: Part::All, signatures, ..copied }))
}

impl<K> Part<K> {
    /// Copies the next part; `None` if all was copied before.
    fn copy(
        self,
        first: K,
        copy: impl FnOnce(K) -> Result<Option<K>, StoreError>,
    ) -> Result<Option<Self>, StoreError> {
        let after = match self {
            Self::Begin => first,
            Self::UpTo(key) => key,
            Self::All => return Ok(None),
        };
        Ok(Some(copy(after)?.map_or(Self::All, Self::UpTo)))
    }
}

/// Copies the next of our blocks after a height, with their states. Returns the height of the last one.
fn copy_blocks(connection: &Connection, to: &Tables, after: u64, fork: u64) -> Result<u64, StoreError> {
    let select =
        "SELECT height, octet_length(text) FROM blocks WHERE height > ?1 AND height <= ?2 ORDER BY height";
    let mut select = connection.prepare_cached(select)?;
    let mut rows = select.query([after, fork])?;
    let (mut last, mut bytes) = (fork, 0);
    while let Some(row) = rows.next()? {
        (last, bytes) = (row.get(0)?, bytes + row.get::<_, u64>(1)?);
        if bytes >= BYTES {
            break;
        }
    }
    let copy = format!("INSERT INTO {} SELECT * FROM blocks WHERE height > ?1 AND height <= ?2", to.blocks);
    connection.execute(&copy, [after, last])?;
    states::copy(connection, &to.states, after, last)?;
    Ok(last)
}

#[cfg(test)]
mod tests;
