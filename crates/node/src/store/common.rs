//! The blocks that a staged chain has in common with ours, copied in front of the staged ones before the adoption, a
//! little at a time. The adoption then swaps the tables' names, and holds nobody up.
//!
//! Only the first of our blocks are copied, which no adoption changes that still builds on the same block.

use rusqlite::Connection;

use super::blocks::Tables;
use super::payments::{self, Key};
use super::signatures::{self, Place};
use super::{Stage, Store, StoreError};

/// Up to which weight blocks are rather deleted and appended in the adoption itself: about half a second's work.
const AT_ONCE: u64 = 256 << 20;

/// The weight of a staged transaction beside its bytes: it has two rows in the index.
pub(crate) const TRANSACTION: u64 = 512;

/// How many times as much may be copied as is saved.
const WORTH: u64 = 16;

/// How many bytes of blocks are copied at a time.
const BYTES: u64 = 8 << 20;

/// How many rows of other tables are copied at a time.
const ROWS: u32 = 4096;

/// How far the copy is: the last of what was copied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Copied {
    blocks: u64,
    payments: Part<Key>,
    signatures: Part<Place>,
}

/// How far the copy of a table is.
#[derive(Clone, Copy, Debug, Default)]
enum Part<Key> {
    #[default]
    Begin,
    UpTo(Key),
    All,
}

/// Whether the blocks that a stage has in common with ours should be copied: if they are fewer than the new ones, or if
/// what the adoption would write and delete without that, of this weight and more, held the writer for long.
pub(crate) fn should_copy(snapshot: &Connection, stage: &Stage, weight: u64) -> Result<bool, StoreError> {
    if stage.tip.index - stage.fork > stage.fork {
        return Ok(true);
    }
    let bytes = |condition: &str| -> Result<u64, StoreError> {
        let select =
            format!("SELECT coalesce(sum(octet_length(text)), 0) FROM blocks WHERE height {condition} ?1");
        Ok(snapshot.query_row(&select, [stage.fork], |row| row.get(0))?)
    };
    // Short payments have four times their bytes in the index.
    let weight = weight + 4 * bytes(">")?;
    Ok(weight > AT_ONCE && bytes("<=")? <= WORTH * weight)
}

impl Store {
    /// Copies some more; none is left to copy when there is no answer.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn copy_common(
        &mut self,
        stage: &Stage,
        copied: Copied,
    ) -> Result<Option<Copied>, StoreError> {
        let (to, fork) = (Tables::staged(stage.id), stage.fork);
        self.undurably(|connection| {
            if copied.blocks < fork {
                let blocks = copy_blocks(connection, &to.blocks, copied.blocks, fork)?;
                return Ok(Some(Copied { blocks, ..copied }));
            }
            let payments = copied.payments.copy((0, i64::MIN, 0), |after| {
                payments::copy(connection, &to.payments, after, fork, ROWS)
            })?;
            if let Some(payments) = payments {
                return Ok(Some(Copied { payments, ..copied }));
            }
            let signatures = copied
                .signatures
                .copy((0, 0), |after| signatures::copy(connection, &to.signatures, after, fork, ROWS))?;
            Ok(signatures.map(|signatures| Copied { payments: Part::All, signatures, ..copied }))
        })
    }
}

impl<K> Part<K> {
    /// Copies on; none if all was copied before.
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

/// Copies some of our blocks after a height, and answers the height of the last.
fn copy_blocks(connection: &Connection, to: &str, after: u64, fork: u64) -> Result<u64, StoreError> {
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
    let copy = format!("INSERT INTO {to} SELECT * FROM blocks WHERE height > ?1 AND height <= ?2");
    connection.execute(&copy, [after, last])?;
    Ok(last)
}

#[cfg(test)]
mod tests {
    use ledger_core::{Block, EncodedBlock, PreviousHash, Timestamp, Tip, Transaction};

    use super::super::{Batch, Keys};
    use super::*;

    const FORK: u64 = 4;

    /// A store whose second to seventh blocks were written together, with signatures.
    fn store(directory: &tempfile::TempDir) -> (Store, Stage) {
        let genesis = || EncodedBlock::new(Block::genesis(Timestamp::from_micros(1)));
        let mut store = Store::open(directory.path(), genesis).unwrap();
        let (mut batch, mut tip, mut keys) = (Batch::default(), Tip::of(&genesis()), Keys::default());
        for index in 2..=7 {
            let block = EncodedBlock::new(Block {
                index,
                previous_hash: PreviousHash::Hash(tip.hash),
                proof: index,
                timestamp: Timestamp::from_micros(index),
                transactions: (0..3)
                    .map(|to| Transaction::reward(format!("r{}", to * index % 5), to))
                    .collect(),
            });
            tip = Tip::of(&block);
            batch.add(&(&block).into(), &mut keys);
        }
        let batch = batch.ready();
        let write = |connection: &Connection| {
            batch.insert(connection, &Tables::ours())?;
            (2..=7).try_for_each(|height| signatures::add(connection, height, ["a", "b"].into_iter()))
        };
        store.durably(write).unwrap();
        store.create_stage(1).unwrap();
        (store, Stage { id: 1, fork: FORK, fork_hash: None, tip, has_common: false })
    }

    fn rows(store: &Store, table: &str) -> Vec<Vec<rusqlite::types::Value>> {
        let mut select =
            store.connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3")).unwrap();
        let columns = select.column_count();
        let rows = select.query_map([], |row| (0..columns).map(|column| row.get(column)).collect()).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// What our tables hold when the later blocks are gone.
    fn expected(store: &mut Store) -> [Vec<Vec<rusqlite::types::Value>>; 3] {
        let cut = |connection: &Connection| {
            connection.execute("DELETE FROM blocks WHERE height > ?1", [FORK])?;
            payments::delete_after(connection, FORK)?;
            signatures::delete_after(connection, FORK)
        };
        store.durably(cut).unwrap();
        ["blocks", "payments", "signatures"].map(|table| rows(store, table))
    }

    #[test]
    fn what_is_copied_is_what_is_left_without_the_later_blocks() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, stage) = store(&directory);
        let mut copied = Some(Copied::default());
        while let Some(so_far) = copied {
            copied = store.copy_common(&stage, so_far).unwrap();
        }
        let found =
            ["blocks", "payments", "signatures"].map(|table| rows(&store, &format!("staged_1_{table}")));
        assert_eq!(found, expected(&mut store));
    }

    #[test]
    fn rows_are_copied_in_parts_of_any_size() {
        for size in 1..5 {
            let directory = tempfile::tempdir().unwrap();
            let (mut store, _) = store(&directory);
            let (mut payment, mut signature) = (Some((0, i64::MIN, 0)), Some((0, 0)));
            while let Some(after) = payment {
                payment = payments::copy(&store.connection, "staged_1_payments", after, FORK, size).unwrap();
            }
            while let Some(after) = signature {
                signature =
                    signatures::copy(&store.connection, "staged_1_signatures", after, FORK, size).unwrap();
            }
            let found = ["payments", "signatures"].map(|table| rows(&store, &format!("staged_1_{table}")));
            let [_, payments, signatures] = expected(&mut store);
            assert_eq!(found, [payments, signatures]);
        }
    }
}
