//! The blocks that a staged chain has in common with ours, copied in front of the staged ones before the adoption, a
//! little at a time. The adoption then swaps the tables' names, and holds nobody up.
//!
//! Only the first of our blocks are copied, which no adoption changes that still builds on the same block. Their index of
//! payments is copied by whole segments. The fork's own segment is worked out anew from its blocks: its rows may be of
//! millions of payments in later blocks.

use ledger_core::{Block, BlockView};
use rusqlite::Connection;

use super::blocks::Tables;
use super::payments::{self, Key, SEGMENT};
use super::signatures::{self, Place};
use super::{Batch, Keys, ReadyBatch, Stage, Store, StoreError};

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

/// The bytes of the blocks that a stage has in common with ours, if they should be copied: if they are fewer than the new
/// ones, or if what the adoption would write and delete without that, of this weight and more, held the writer for long;
/// but not if they are far more than that.
pub(crate) fn bytes_to_copy(
    snapshot: &Connection,
    stage: &Stage,
    weight: u64,
) -> Result<Option<u64>, StoreError> {
    if stage.fork == 0 {
        return Ok(Some(0));
    }
    let bytes = |condition: &str| -> Result<u64, StoreError> {
        let select =
            format!("SELECT coalesce(sum(octet_length(text)), 0) FROM blocks WHERE height {condition} ?1");
        Ok(snapshot.query_row(&select, [stage.fork], |row| row.get(0))?)
    };
    // Short payments have four times their bytes in the index.
    let weight = weight + 4 * bytes(">")?;
    if stage.tip.index - stage.fork <= stage.fork && weight <= AT_ONCE {
        return Ok(None);
    }
    let common = bytes("<=")?;
    Ok((common <= WORTH * weight).then_some(common))
}

/// Up to which block the rows of the index are copied in whole segments.
pub(crate) fn whole_segments(fork: u64) -> u64 {
    (fork / SEGMENT * SEGMENT).saturating_sub(1)
}

/// Works out the rows of the index for some of our blocks after a height and up to another, and answers the height of the
/// last. A block of more than `largest` bytes ends them, and may leave none.
pub(crate) fn index(
    snapshot: &Connection,
    after: u64,
    to: u64,
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
        match BlockView::of_canonical(text) {
            Some(block) => batch.add_entries(&block, &mut keys),
            None => {
                let block = Block::from_json(text).map_err(|error| StoreError::block(last, &error))?;
                batch.add_entries(&(&block).into(), &mut keys);
            }
        }
        bytes += text.len() as u64;
        if bytes >= BYTES {
            return Ok((batch.ready(), last));
        }
    }
    Ok((batch.ready(), to))
}

impl Store {
    /// Copies some more, but not the [`index`] of the fork's segment; none is left to copy when there is no answer.
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
                payments::copy(connection, &to.payments, after, fork / SEGMENT, (ROWS, BYTES))
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
        let (mut indexed, last) = index(&store.connection, whole_segments(FORK), FORK, usize::MAX).unwrap();
        assert_eq!(last, FORK);
        store.append_to_stage(stage.id, &mut indexed).unwrap();
        let found =
            ["blocks", "payments", "signatures"].map(|table| rows(&store, &format!("staged_1_{table}")));
        assert_eq!(found, expected(&mut store));
    }

    #[test]
    fn rows_are_copied_in_parts_of_any_size() {
        for size in
            [(1, 1 << 20), (2, 1 << 20), (3, 1 << 20), (1 << 20, 1), (1 << 20, 60), (1 << 20, 1 << 20)]
        {
            let directory = tempfile::tempdir().unwrap();
            let (mut store, _) = store(&directory);
            let (mut payment, mut signature) = (Some((0, i64::MIN, 0)), Some((0, 0)));
            while let Some(after) = payment {
                payment = payments::copy(&store.connection, "staged_1_payments", after, 1, size).unwrap();
            }
            while let Some(after) = signature {
                signature =
                    signatures::copy(&store.connection, "staged_1_signatures", after, FORK, size.0).unwrap();
            }
            let payments = rows(&store, "payments");
            let found = ["payments", "signatures"].map(|table| rows(&store, &format!("staged_1_{table}")));
            let [.., signatures] = expected(&mut store);
            assert_eq!(found, [payments, signatures]);
        }
    }

    #[test]
    fn rows_of_the_forks_segment_are_not_copied() {
        let directory = tempfile::tempdir().unwrap();
        let (store, _) = store(&directory);
        let first = (0, i64::MIN, 0);
        let copied = payments::copy(&store.connection, "staged_1_payments", first, 0, (9, 9)).unwrap();
        assert_eq!((copied, rows(&store, "staged_1_payments")), (None, vec![]));
        assert_eq!([1, 4095, 4096, 9000].map(whole_segments), [0, 0, 4095, 8191]);
    }

    #[test]
    fn large_block_ends_what_is_indexed_together() {
        let directory = tempfile::tempdir().unwrap();
        let (store, _) = store(&directory);
        let last = |after, largest| index(&store.connection, after, FORK, largest).unwrap().1;
        let genesis = rows(&store, "blocks").iter().map(|row| text(&row[2])).min().unwrap() as usize;
        assert_eq!([last(0, genesis - 1), last(0, genesis), last(1, genesis)], [0, 1, 1]);
        assert_eq!(last(1, 2 * genesis + 500), FORK);
    }

    #[test]
    fn large_blocks_are_not_copied_for_small_ones() {
        let directory = tempfile::tempdir().unwrap();
        let (store, stage) = store(&directory);
        let bytes = |stage: Stage, weight| bytes_to_copy(&store.connection, &stage, weight).unwrap();
        let common: u64 = rows(&store, "blocks").iter().take(4).map(|row| text(&row[2])).sum();
        assert_eq!(bytes(stage, 1), None, "few new blocks");
        let extends = Stage { fork: 7, tip: Tip { index: 15, ..stage.tip }, ..stage };
        assert_eq!(bytes(extends, 1), None, "more new blocks, but tiny ones");
        assert!(bytes(extends, 1_000).is_some());
        assert_eq!(bytes(stage, AT_ONCE + 1), Some(common));
        assert_eq!(bytes(Stage { fork: 0, ..stage }, 1), Some(0));
    }

    fn text(value: &rusqlite::types::Value) -> u64 {
        let rusqlite::types::Value::Text(text) = value else { panic!("no text") };
        text.len() as u64
    }
}
