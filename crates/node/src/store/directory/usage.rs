//! Maintains a database's mark and the file of the last acknowledged state while the database is open.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use super::last::Last;
use crate::store::errors::StoreError;
use crate::store::layout::{Log, LogId, Mark, State};

/// The mark and the last acknowledged state of an open database.
#[derive(Debug)]
pub(crate) struct Usage {
    log: File,
    /// `None` until the mark is written.
    marked: Option<LogId>,
    last: Last,
}

impl Usage {
    /// Begins with the open log file, and the id of the log that is marked already.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(crate) fn begin(directory: &Path, log: File, marked: Option<LogId>) -> Result<Self, StoreError> {
        Ok(Self { log, marked, last: Last::create(directory)? })
    }

    /// The log's id, if the mark does not have it yet.
    pub(crate) fn unmarked_log(&self) -> Option<LogId> {
        Log::id(&self.log).filter(|log| self.marked != Some(*log))
    }

    /// Writes the mark, inside the caller's transaction.
    pub(crate) fn mark(connection: &Connection, log: LogId) -> Result<(), StoreError> {
        Mark { state: State::Open, log, ..Mark::read(connection)? }.write(connection)
    }

    /// Records a commit, and the log id that it marked.
    pub(crate) fn note(&mut self, connection: &Connection, marked: Option<LogId>) {
        self.marked = marked.or(self.marked);
        if self.last.count_commit() {
            self.settle(connection);
        }
    }

    /// Writes the last acknowledged state if it is behind.
    pub(crate) fn settle(&mut self, connection: &Connection) {
        self.last.note(connection, self.marked.unwrap_or_default());
    }

    /// Marks the database as closed.
    pub(crate) fn mark_closed(&self, connection: &Connection) -> Result<(), StoreError> {
        let log = Log::id(&self.log).or(self.marked).unwrap_or_default();
        Mark { state: State::Closed, log, ..Mark::read(connection)? }.write(connection)
    }

    /// Removes the file of the last state: the mark now says that the database is complete.
    pub(crate) fn end(self) {
        self.last.remove();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::names::LAST;
    use crate::store::testing::store;

    #[test]
    fn log_is_marked_once() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        let wal = || File::open(directory.path().join("ledger.db-wal")).unwrap();
        let mut usage = Usage::begin(directory.path(), wal(), None).unwrap();
        let log = usage.unmarked_log().unwrap();
        store
            .reading(|connection| {
                usage.note(connection, Some(log));
                assert_eq!(usage.unmarked_log(), None);
                usage.note(connection, None);
                assert_eq!(usage.unmarked_log(), None, "the log stays marked");
                let noted = std::fs::read_to_string(directory.path().join(LAST)).unwrap();
                assert!(noted.starts_with('{'), "{noted}");
                Ok(())
            })
            .unwrap();
        let usage = Usage::begin(directory.path(), wal(), Some(log)).unwrap();
        assert_eq!(usage.unmarked_log(), None);
        usage.end();
        assert!(!directory.path().join(LAST).exists());
    }

    #[test]
    fn mark_names_the_state_and_the_log() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        let wal = File::open(directory.path().join("ledger.db-wal")).unwrap();
        let usage = Usage::begin(directory.path(), wal, None).unwrap();
        let other = LogId::of_salt(7);
        store
            .reading(|connection| {
                Usage::mark(connection, other)?;
                let mark = Mark::read(connection)?;
                assert_eq!((mark.state, mark.log), (State::Open, other));
                // The log may have restarted by then.
                let log = usage.unmarked_log().unwrap();
                usage.mark_closed(connection)?;
                assert_eq!(Mark::read(connection)?, Mark { state: State::Closed, log, ..mark });
                Ok(())
            })
            .unwrap();
    }
}
