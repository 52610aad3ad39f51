//! What is kept up to date beside a database while it is in use: its mark, and what was acknowledged last.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use super::last::Last;
use crate::store::errors::StoreError;
use crate::store::layout::{Log, LogId, Mark, State};

/// What is kept up to date beside the database while it is in use.
#[derive(Debug)]
pub(crate) struct Usage {
    log: File,
    /// None while the mark is not written yet.
    marked: Option<LogId>,
    last: Last,
}

impl Usage {
    /// Begins, with the log of the database in a directory, and what of it was marked already.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(crate) fn begin(directory: &Path, log: File, marked: Option<LogId>) -> Result<Self, StoreError> {
        Ok(Self { log, marked, last: Last::begin(directory)? })
    }

    /// The log that is there, if it is not the one that was marked.
    pub(crate) fn unmarked_log(&self) -> Option<LogId> {
        Log::id(&self.log).filter(|log| self.marked != Some(*log))
    }

    /// Marks the log, in a transaction of the caller's.
    pub(crate) fn mark(connection: &Connection, log: LogId) -> Result<(), StoreError> {
        Mark { state: State::Open, log, ..Mark::read(connection)? }.write(connection)
    }

    /// Notes a commit, and the log that it marked.
    pub(crate) fn note(&mut self, connection: &Connection, marked: Option<LogId>) {
        self.marked = marked.or(self.marked);
        if self.last.is_due() {
            self.settle(connection);
        }
    }

    /// Notes the last commit, if that has waited.
    pub(crate) fn settle(&mut self, connection: &Connection) {
        self.last.note(connection, self.marked.unwrap_or_default());
    }

    /// Marks the database as closed.
    pub(crate) fn mark_closed(&self, connection: &Connection) -> Result<(), StoreError> {
        let log = Log::id(&self.log).or(self.marked).unwrap_or_default();
        Mark { state: State::Closed, log, ..Mark::read(connection)? }.write(connection)
    }

    /// Ends when the database says itself that it is complete.
    pub(crate) fn end(self) {
        self.last.end();
    }
}
