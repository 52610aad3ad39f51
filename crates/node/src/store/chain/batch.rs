//! Consecutive blocks that are written together. The thread that checked them prepares their rows, not the writer.

use ledger_core::seam::{CheckedBlock, Movement};
use ledger_core::{BlockHash, Height};
use rusqlite::Connection;

use super::states::{self, State};
use super::tables::Tables;
use crate::store::errors::StoreError;
use crate::store::index::rows::{self, Rows};
use crate::store::index::{Entry, Key, Keys, entry};
use crate::store::layout::tip_seal;

/// Bytes on disk per entry of the index, including its share of a row.
const ENTRY: usize = 48;

/// Index rows written to a stage at a time. Payments wait no longer than one such write. A batch of ordinary blocks has
/// fewer.
const SLICE: usize = 32_768;

/// Consecutive blocks that are written together.
#[derive(Debug, Default)]
pub struct Batch {
    /// The blocks' texts, joined.
    texts: String,
    blocks: Vec<BlockRow>,
    entries: Vec<(Key, Entry)>,
    /// The states after the blocks, if the rule set saves them.
    states: Vec<State>,
}

/// A batch with its index rows, ready to be written.
#[derive(Debug)]
pub struct ReadyBatch {
    batch: Batch,
    payments: rows::Rows,
    /// Index rows written so far. The blocks are written before the first one.
    written: usize,
}

#[derive(Debug)]
struct BlockRow {
    height: u64,
    hash: BlockHash,
    /// Where the block's text ends.
    end: usize,
}

impl Batch {
    /// Adds the next block.
    pub(crate) fn add(&mut self, block: &CheckedBlock<'_>, keys: &mut Keys) {
        self.texts.push_str(block.text());
        let height = block.tip().height;
        self.blocks.push(BlockRow { height: height.get(), hash: block.hash(), end: self.texts.len() });
        self.states.extend(block.saved().map(|state| (height.get(), state.to_owned())));
        self.add_movements(height, block.movements(), keys);
    }

    /// Adds a block's movements to the index, without the block.
    pub(crate) fn add_movements(&mut self, height: Height, movements: &[Movement<'_>], keys: &mut Keys) {
        entry::each_of(height, movements, keys, |key, entry| self.entries.push((key, entry)));
    }

    /// The bytes of the blocks' texts.
    pub fn bytes(&self) -> usize {
        self.texts.len()
    }

    /// The size of the batch on disk: of its texts or, if payments are very short, of their index entries.
    pub fn size(&self) -> usize {
        let states: usize = self.states.iter().map(|(_, state)| state.len()).sum();
        (self.texts.len() + states).max(self.entries.len() * ENTRY)
    }

    /// Prepares the index rows after all blocks were added.
    pub(crate) fn ready(mut self) -> ReadyBatch {
        let payments = Rows::new(&mut self.entries);
        // Free them: there may be many.
        self.entries = Vec::new();
        ReadyBatch { batch: self, payments, written: 0 }
    }
}

impl ReadyBatch {
    /// An empty batch for about `bytes` of texts. Reuses this one's memory unless that is far too large.
    pub(crate) fn emptied(self, bytes: usize) -> Batch {
        let Self { mut batch, .. } = self;
        if batch.texts.capacity() > 4 * bytes {
            return Batch::default();
        }
        batch.texts.clear();
        batch.blocks.clear();
        batch.states.clear();
        batch
    }

    /// Appends the blocks to our chain and seals the last one, in the caller's transaction.
    pub(crate) fn append(&self, connection: &Connection) -> Result<(), StoreError> {
        let ours = Tables::ours();
        self.insert_blocks(connection, &ours)?;
        self.payments.insert(connection, &ours.payments, 0..self.payments.len())?;
        let last = self.batch.blocks.last();
        last.map_or(Ok(()), |last| tip_seal::renew(connection, last.height, last.hash))
    }

    /// Writes the next part, in the caller's transaction. Call it until the batch [is written](Self::is_written).
    pub(crate) fn insert_part(&mut self, connection: &Connection, tables: &Tables) -> Result<(), StoreError> {
        if self.written == 0 {
            self.insert_blocks(connection, tables)?;
        }
        let end = self.payments.len().min(self.written + SLICE);
        self.payments.insert(connection, &tables.payments, self.written..end)?;
        self.written = end;
        Ok(())
    }

    /// Whether everything is written.
    pub(crate) fn is_written(&self) -> bool {
        self.written == self.payments.len()
    }

    fn insert_blocks(&self, connection: &Connection, tables: &Tables) -> Result<(), StoreError> {
        let insert = format!("INSERT INTO {} (height, hash, text) VALUES (?1, ?2, ?3)", tables.blocks);
        let mut insert = connection.prepare_cached(&insert)?;
        let mut begin = 0;
        for BlockRow { height, hash, end } in &self.batch.blocks {
            let hash = hash.to_hex();
            let hash = std::str::from_utf8(&hash).expect("hex digits are ASCII");
            insert.execute((height, hash, &self.batch.texts[begin..*end]))?;
            begin = *end;
        }
        states::insert(connection, &tables.states, &self.batch.states)
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::Transaction;

    use super::*;
    use crate::store::testing::{TestChain, store};

    fn batch(blocks: Vec<Vec<Transaction<'_>>>) -> Batch {
        let (mut chain, mut batch, mut keys) = (TestChain::new(), Batch::default(), Keys::default());
        for transactions in blocks {
            batch.add(chain.add(transactions), &mut keys);
        }
        batch
    }

    #[test]
    fn size_is_the_larger_of_texts_and_index() {
        let long = batch(vec![vec![Transaction::reward("x".repeat(10_000), 1_u64)]]);
        assert_eq!(long.size(), long.bytes());
        let mut states = long;
        states.states = vec![(2, "1234".to_owned()), (3, "567".to_owned())];
        assert_eq!(states.size(), states.bytes() + 7);
        let mut short = batch(vec![vec![]]);
        short.entries = vec![(Keys::default().of("bob"), Entry(2, 0, 1, None)); 100];
        assert_eq!(short.size(), 100 * ENTRY);
    }

    #[test]
    fn memory_is_reused_unless_it_is_far_too_large() {
        let full = || batch(vec![vec![Transaction::reward("x".repeat(10_000), 1_u64)]]);
        let capacity = full().texts.capacity();
        assert_eq!(full().ready().emptied(capacity / 4 - 1).texts.capacity(), 0);
        let mut states = full();
        states.states = vec![(2, "state".to_owned())];
        let emptied = states.ready().emptied(capacity.div_ceil(4));
        assert_eq!((emptied.texts.capacity(), emptied.size(), emptied.blocks.len()), (capacity, 0, 0));
    }

    #[test]
    fn large_batch_is_written_in_parts() {
        let directory = tempfile::tempdir().unwrap();
        let mut store = store(directory.path());
        store.create_stage(1).unwrap();
        let tables = Tables::staged(1);
        let mut batch = batch(vec![vec![], vec![]]);
        let key = |index| crate::store::index::Key { index, rest: 0 };
        let count = i64::try_from(SLICE).unwrap() + 1;
        batch.entries = (0..count).map(|index| (key(index), Entry(2, 0, 1, None))).collect();
        let mut ready = batch.ready();
        let mut rows = Vec::new();
        while !ready.is_written() {
            store.append_to_stage(1, &mut ready).unwrap();
            let count = |table: &str| {
                let select = format!("SELECT count(*) FROM {table}");
                store
                    .reading(|snapshot| Ok(snapshot.query_row(&select, [], |row| row.get::<_, i64>(0))?))
                    .unwrap()
            };
            rows.push((count(&tables.blocks), count(&tables.payments)));
        }
        assert_eq!(rows, [(2, count - 1), (2, count)]);
    }
}
