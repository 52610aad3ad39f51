//! Comparing an index of payments with what its blocks ask for, in any order and by several threads.

use std::hash::{DefaultHasher, Hash, Hasher};

use ledger_core::Block;
use rusqlite::Connection;

use super::StoreError;
use super::payments::{self, Entry};

/// A digest of index entries in any order, to compare an index with what its blocks ask for. Only of this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digest {
    /// How many entries there are.
    pub(crate) entries: u64,
    sum: u64,
}

impl Digest {
    fn add(&mut self, address: i64, entry: &Entry) {
        let Entry(height, position, role, worth) = entry;
        let mut hasher = DefaultHasher::new();
        (address, height, position, role, worth).hash(&mut hasher);
        self.entries += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }

    /// Adds the entries of a block.
    pub(super) fn add_block(&mut self, block: &Block) {
        payments::entries(block).iter().for_each(|(address, entry)| self.add(*address, entry));
    }

    /// The digest of both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { entries: self.entries + other.entries, sum: self.sum.wrapping_add(other.sum) }
    }
}

/// The digest of our index for the blocks up to a height.
pub(super) fn of_index(snapshot: &Connection, to: u64) -> Result<Digest, StoreError> {
    let mut digest = Digest::default();
    let mut select = snapshot.prepare("SELECT address, entries FROM payments WHERE first <= ?1")?;
    let mut rows = select.query([to])?;
    while let Some(row) = rows.next()? {
        let address = row.get(0)?;
        let entries = payments::parse(row.get_ref(1)?.as_str().unwrap_or_default())?;
        entries.iter().for_each(|entry| digest.add(address, entry));
    }
    Ok(digest)
}
