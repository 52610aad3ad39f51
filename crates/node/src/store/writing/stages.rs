//! Changes to stages. They need not be durable before the adoption.

use super::Store;
use crate::store::chain::common::{self, Copied};
use crate::store::chain::staging::{self, HashEntry};
use crate::store::chain::{Confirmed, ReadyBatch, Stage, Tables, signatures};
use crate::store::errors::StoreError;

impl Store {
    /// Creates an empty stage: tables with the same layout as ours, but without the index of hashes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn create_stage(&mut self, id: u64) -> Result<(), StoreError> {
        self.durably(|connection| staging::create(connection, id))
    }

    /// Appends the next part of a batch to a stage. Call it until the batch is written. Nothing is flushed: the adoption's
    /// commit does that.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn append_to_stage(&mut self, id: u64, batch: &mut ReadyBatch) -> Result<(), StoreError> {
        self.undurably(|connection| batch.insert_part(connection, &Tables::staged(id)))
    }

    /// Writes the next entries of a stage's index of hashes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn add_hashes(&mut self, id: u64, entries: &[HashEntry]) -> Result<(), StoreError> {
        self.undurably(|connection| staging::add_hashes(connection, id, entries))
    }

    /// Declares a stage's index of hashes in the schema.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn declare_hashes(&mut self, id: u64) -> Result<(), StoreError> {
        self.undurably(|connection| staging::declare_hashes(connection, id))
    }

    /// Removes a stage, if it exists, and the blocks that it replaced. They may be many, so this happens step by step.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn drop_stage(&mut self, id: u64) -> Result<(), StoreError> {
        let tables = staging::tables(&self.connection, Some(id))?;
        self.discard(tables);
        self.discard_some()
    }

    /// Removes the stages that a killed process left behind.
    pub(crate) fn drop_stages(&mut self) -> Result<(), StoreError> {
        self.release_free_pages();
        let tables = staging::tables(&self.connection, None)?;
        tables.iter().try_for_each(|table| {
            self.connection.execute(&format!("DROP TABLE {table}"), [])?;
            Ok(())
        })
    }

    /// Writes signatures to a stage.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn stage_signatures(&mut self, stage: u64, confirmed: &[Confirmed]) -> Result<(), StoreError> {
        self.undurably(|connection| signatures::stage(connection, stage, confirmed))
    }

    /// Removes the signatures of a stage's own blocks.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn unstage_signatures(&mut self, stage: &Stage) -> Result<(), StoreError> {
        self.undurably(|connection| signatures::unstage(connection, stage))
    }

    /// Copies the next part of the blocks in common, except the [index](common::index) of the fork's segment. Returns `None`
    /// when all is copied.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn copy_common(
        &mut self,
        stage: &Stage,
        copied: Copied,
    ) -> Result<Option<Copied>, StoreError> {
        self.undurably(|connection| common::copy(connection, stage, copied))
    }
}
