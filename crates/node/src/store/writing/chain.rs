//! Changes to our chain.

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
    /// The tip of the chain and the state after it, read from the last row; `None` if there is no chain.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if the last row is not the block its hash names.
    pub fn tip(&self, rules: &Arc<dyn RuleSet>) -> Result<Option<(Tip, AnyState)>, StoreError> {
        blocks::tip(&self.connection, rules)
    }

    /// Checks that no block is missing, and the newest blocks in full. Takes well under a second for any chain, unless its
    /// blocks are huge. `node verify` checks all blocks.
    ///
    /// # Errors
    ///
    /// The first [`Finding`].
    pub fn check_newest(&self, rules: &Arc<dyn RuleSet>) -> Result<(), Finding> {
        audit::newest(&self.connection, rules)
    }

    /// Appends a block and runs `change`, as one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; nothing changes.
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
