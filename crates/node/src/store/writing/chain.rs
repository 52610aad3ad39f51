//! Our chain, as whoever writes it sees it.

use ledger_core::{Block, ClassicRules, Tip};
use rusqlite::Connection;

use super::Store;
use crate::store::audit;
use crate::store::chain::{Batch, blocks};
use crate::store::errors::{Finding, StoreError};
use crate::store::index::Keys;

impl Store {
    /// The last block's index, proof and hash, as the last block's text says; none without a chain.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if the last row is not the block its hash names.
    pub fn tip(&self) -> Result<Option<Tip>, StoreError> {
        blocks::tip(&self.connection)
    }

    /// Checks that no block is missing, and the newest blocks in full. Takes well under a second for any
    /// chain of blocks that are not huge; `node verify` checks all.
    ///
    /// # Errors
    ///
    /// The first [`Finding`].
    pub fn check_newest(&self, rules: ClassicRules) -> Result<(), Finding> {
        audit::newest(&self.connection, rules)
    }

    /// Appends a block and makes the change that belongs to it, as one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; nothing has changed then.
    pub fn append_and(
        &mut self,
        block: &Block,
        change: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.add(block, &mut Keys::default());
        let batch = batch.ready();
        self.durably(|connection| {
            batch.append(connection)?;
            change(connection)
        })
    }
}
