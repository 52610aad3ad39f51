//! Stages, as whoever writes them sees them. Nothing in a stage need be durable before its adoption.

use super::Store;
use crate::store::chain::common::{self, Copied};
use crate::store::chain::{Confirmed, ReadyBatch, Stage, Tables, signatures, staging};
use crate::store::errors::StoreError;

impl Store {
    /// Makes an empty stage: tables laid out like ours.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn create_stage(&mut self, id: u64) -> Result<(), StoreError> {
        self.durably(|connection| staging::create(connection, id))
    }

    /// Appends blocks to a stage, or a part of them: as long as they are not written, it is to be asked again. They need
    /// not be durable yet: the adoption's commit makes them so.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn append_to_stage(&mut self, id: u64, batch: &mut ReadyBatch) -> Result<(), StoreError> {
        self.undurably(|connection| batch.insert_part(connection, &Tables::staged(id)))
    }

    /// Removes a stage, if it is there, and the blocks that it replaced: not at once, since they may be many.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn drop_stage(&mut self, id: u64) -> Result<(), StoreError> {
        let tables = staging::tables(&self.connection, Some(id))?;
        self.discard(tables);
        self.discard_some()
    }

    /// Removes what a process that was killed left behind.
    pub(crate) fn drop_stages(&mut self) -> Result<(), StoreError> {
        self.shorten();
        let tables = staging::tables(&self.connection, None)?;
        tables.iter().try_for_each(|table| {
            self.connection.execute(&format!("DROP TABLE {table}"), [])?;
            Ok(())
        })
    }

    /// Writes signatures beside the blocks of a stage. They need not be durable yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn stage_signatures(&mut self, stage: u64, confirmed: &[Confirmed]) -> Result<(), StoreError> {
        self.undurably(|connection| signatures::stage(connection, stage, confirmed))
    }

    /// Removes the signatures beside the blocks of a stage again.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn unstage_signatures(&mut self, stage: &Stage) -> Result<(), StoreError> {
        self.undurably(|connection| signatures::unstage(connection, stage))
    }

    /// Copies some more of the blocks in common, but not the [index](common::index) of the fork's segment; none is left to
    /// copy when there is no answer.
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
