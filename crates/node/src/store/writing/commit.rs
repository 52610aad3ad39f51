//! Commits changes, each as one transaction, and closes the database.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, TransactionBehavior};

use super::store::{PoolSeal, Store};
use crate::store::directory::Usage;
use crate::store::errors::StoreError;
use crate::store::layout::Sealed;
use crate::store::log::checkpoint;

impl Store {
    /// Runs changes as one transaction, which is on disk when this returns.
    ///
    /// # Errors
    ///
    /// The error of `change` or of the disk; nothing changes.
    pub fn durably<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(StoreError::Closed);
        }
        let answer = self.commit(change);
        if self.pool_seal != PoolSeal::Unknown {
            self.patience.note(&self.connection, answer.as_ref().err());
        }
        answer
    }

    fn commit<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let log = self.usage.as_ref().and_then(Usage::unmarked_log);
        // Begin as a writer: when a reader starts to write, SQLite does not wait for another program's lock.
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.others.check(&transaction, &self.watch)?;
        let answer = change(&transaction)?;
        log.map_or(Ok(()), |log| Usage::mark(&transaction, log))?;
        if self.pool_seal == PoolSeal::There {
            Sealed::Pool.remove(&transaction)?;
        }
        self.watch.check()?;
        transaction.commit()?;
        self.others.committed(&self.watch);
        if self.pool_seal == PoolSeal::There {
            self.pool_seal = PoolSeal::Removed;
        }
        if let Some(usage) = &mut self.usage {
            usage.note(&self.connection, log);
        }
        Ok(answer)
    }

    /// Runs changes to a stage as one transaction without flushing it: the adoption's commit flushes everything.
    pub(crate) fn undurably<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.connection.pragma_update(None, "synchronous", "normal")?;
        let changed = self.durably(change);
        self.connection.pragma_update(None, "synchronous", "full")?;
        let _ = self.flush.try_send(()); // full channel: a flush is already queued
        changed
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.settle();
        if self.pool_seal == PoolSeal::Removed {
            // If this fails, the next start relies on the signatures alone, as after a kill.
            let _ = self.durably(|connection| Sealed::Pool.renew(connection));
        }
        if self.watch.check().is_err() {
            // The files at these paths may not be ours.
            self.leave_files();
        }
        if let Some(thread) = self.checkpoint.take() {
            checkpoint::detach(&mut self.connection, thread);
        }
        self.close();
    }
}
