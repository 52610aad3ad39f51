//! Our chain, as whoever writes it sees it.

use std::sync::Arc;

use ledger_core::Tip;
use ledger_core::seam::{AnyState, CheckedBlock, RuleSet};
use rusqlite::Connection;

use super::Store;
use crate::store::audit;
use crate::store::chain::{Batch, blocks};
use crate::store::errors::{Finding, StoreError};
use crate::store::index::Keys;

impl Store {
    /// The end of the chain and the state after it, as the last block's row says; none without a chain.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if the last row is not the block its hash names.
    pub fn tip(&self, rules: &Arc<dyn RuleSet>) -> Result<Option<(Tip, AnyState)>, StoreError> {
        blocks::tip(&self.connection, rules)
    }

    /// Checks that no block is missing, and the newest blocks in full. Takes well under a second for any
    /// chain of blocks that are not huge; `node verify` checks all.
    ///
    /// # Errors
    ///
    /// The first [`Finding`].
    pub fn check_newest(&self, rules: &Arc<dyn RuleSet>) -> Result<(), Finding> {
        audit::newest(&self.connection, rules)
    }

    /// Appends a block and makes the change that belongs to it, as one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; nothing has changed then.
    pub(crate) fn append_and(
        &mut self,
        block: &CheckedBlock<'_>,
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
