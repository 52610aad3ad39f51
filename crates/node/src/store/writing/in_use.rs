//! Opens and closes a database and keeps its mark up to date. The order of the steps matters: after a kill at any moment,
//! the files belong together and their marks show it.
//!
//! A closed database is one file in rollback mode. It is marked as opening before it gets a log, and as open, with the
//! log's id, before any change is acknowledged. The last change in the log marks it as closed.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::Store;
use crate::store::directory::{Condition, Usage};
use crate::store::errors::StoreError;
use crate::store::layout::{Mark, State, schema};
use crate::store::names;
use crate::system::files::{self, Links};

impl Store {
    /// Brings the layout up to date and switches to a log.
    pub(crate) fn begin_log(&mut self) -> Result<(), StoreError> {
        let Condition { has_log, .. } = self.found;
        let connection = &mut self.connection;
        if !has_log {
            connection.pragma_update(None, "journal_mode", "delete")?;
        }
        schema::migrate(connection)?;
        if !has_log {
            set_state(connection, State::Opening)?;
        }
        connection.pragma_update(None, "journal_mode", "wal")?;
        Ok(())
    }

    /// Marks the database as open. When this returns, the mark is in the file itself.
    pub(crate) fn mark_open(&mut self, directory: &Path) -> Result<(), StoreError> {
        let mark = Mark::read(&self.connection)?;
        let was_open = self.found.has_log && self.found.mark.state == State::Open;
        let is_marked = was_open && mark.state == State::Open;
        // The first commit creates the log. On a full disk, a database that is already marked as open may wait for it.
        let opening =
            if is_marked { Ok(()) } else { self.durably(|connection| set_state(connection, State::Opening)) };
        let can_wait = is_marked || was_open && matches!(opening, Err(StoreError::Full));
        if !can_wait {
            opening?;
        }
        let path = names::companion(&names::database(directory), "-wal");
        let log = files::open_regular(&path, OpenOptions::new().read(true), Links::Followed);
        let log = log.map_err(|error| StoreError::directory(&path, error))?;
        self.watch.begin(directory)?;
        self.usage = Some(Usage::begin(directory, log, is_marked.then_some(mark.log))?);
        if can_wait {
            // The first change will mark the log.
            self.usage.iter_mut().for_each(|usage| usage.note(&self.connection, None));
        } else {
            self.durably(|_| Ok(()))?;
            self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        Ok(())
    }

    /// Checkpoints the log and marks the database as closed. If that fails, the database stays as after a kill.
    pub(crate) fn close(&mut self) {
        let Some(usage) = self.usage.take() else { return };
        // Checkpoint before marking: the mark's page is written first, and on a full disk the rest might not follow.
        let checkpointed = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if checkpointed.is_err() || usage.mark_closed(&self.connection).is_err() {
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
            return;
        }
        usage.end();
        self.watch.end();
        // If another program still reads, it keeps the log, and later checkpoints it with the mark. Once there is no log,
        // SQLite would roll back a journal.
        let _ = self.connection.busy_timeout(Duration::ZERO);
        if self.watch.has_journal() {
            return tracing::error!(
                "ledger.db-journal beside ledger.db is not the node's, and the next start may refuse it: move it away"
            );
        }
        let _ = self.connection.pragma_update(None, "journal_mode", "delete");
    }

    /// Closes the database without touching the files at its path, which may belong to another one: SQLite would delete a
    /// log by its name. Committed changes go into the open file, which may only have been moved.
    pub(crate) fn leave_files(&mut self) {
        let keep = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        let Some(usage) = self.usage.take() else { return };
        if keep.is_ok() && self.watch.is_log_ours() && usage.mark_closed(&self.connection).is_ok() {
            // What cannot be checkpointed stays in the log.
            let _ = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
}

fn set_state(connection: &Connection, state: State) -> Result<(), StoreError> {
    Mark { state, ..Mark::read(connection)? }.write(connection)
}

#[cfg(test)]
mod tests;
