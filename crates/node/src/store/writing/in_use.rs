//! Taking a database into use and giving it back, with its mark: in such an order that a kill at any moment leaves files
//! that belong together, and say so.
//!
//! A database at rest is one file in rollback mode. Before it gets a log it is marked as opening, and before anything is
//! acknowledged as open, with the log's number. At the end the log's last change marks it as closed.

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
        // The first commit makes the log. Where the disk is full, a file that says that it is open will do for now.
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
            // The first change marks the log.
            self.usage.iter_mut().for_each(|usage| usage.note(&self.connection, None));
        } else {
            self.durably(|_| Ok(()))?;
            self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        Ok(())
    }

    /// Marks the database as closed, and brings in its log. If that fails, it stays as it is after a kill.
    pub(crate) fn close(&mut self) {
        let Some(usage) = self.usage.take() else { return };
        // The mark is on the first page, which is brought in first: what does not fit the disk must not look closed.
        let brought_in = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if brought_in.is_err() || usage.mark_closed(&self.connection).is_err() {
            let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
            return;
        }
        usage.end();
        self.watch.end();
        // Another program that reads keeps the log, and will bring it in: it holds the mark.
        let _ = self.connection.busy_timeout(Duration::ZERO);
        let _ = self.connection.pragma_update(None, "journal_mode", "delete");
    }

    /// Leaves what is in the place of the files alone when the database is closed: SQLite would remove a log by its name,
    /// whoever's it is. What was committed goes into the database that is open, which may only have been moved.
    pub(crate) fn leave_files(&mut self) {
        let keep = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        let Some(usage) = self.usage.take() else { return };
        if keep.is_ok() && self.watch.is_log_ours() && usage.mark_closed(&self.connection).is_ok() {
            // What does not get there stays in the log.
            let _ = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
}

fn set_state(connection: &Connection, state: State) -> Result<(), StoreError> {
    Mark { state, ..Mark::read(connection)? }.write(connection)
}
