//! How long a change waits for another program's lock on the database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::store::errors::StoreError;
use crate::store::names::DATABASE;

/// Wait for a lock. Other programs seldom hold one for longer.
const PATIENT: Duration = Duration::from_secs(5);

/// Wait once a change has timed out, so that later changes do not queue up behind it.
const BRIEF: Duration = Duration::from_millis(50);

/// The wait that applies to the next change.
#[derive(Debug)]
pub(crate) struct LockWait {
    directory: PathBuf,
    is_brief: bool,
}

impl LockWait {
    /// For the connection that writes the database in `directory`.
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), is_brief: false }
    }

    /// Records whether a change found the database locked. Logs when the lock begins and ends.
    pub(crate) fn note(&mut self, connection: &Connection, failure: Option<&StoreError>) {
        let is_locked = matches!(failure, Some(StoreError::Locked));
        // Only a successful write shows that the lock is gone.
        if is_locked == self.is_brief || (failure.is_some() && !is_locked) {
            return;
        }
        self.is_brief = is_locked;
        if is_locked {
            tracing::warn!(
                "{}; changes are refused until then",
                StoreError::Locked.locked_in(&self.directory)
            );
        } else {
            tracing::info!("{DATABASE} is no longer locked: accepting changes again");
        }
        let set = connection.busy_timeout(if is_locked { BRIEF } else { PATIENT });
        debug_assert!(set.is_ok(), "a timeout can be set at any time");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::testing::Log;

    fn wait(connection: &Connection) -> Duration {
        Duration::from_millis(connection.pragma_query_value(None, "busy_timeout", |row| row.get(0)).unwrap())
    }

    #[test]
    fn wait_is_brief_until_a_change_succeeds() {
        let connection = Connection::open_in_memory().unwrap();
        let mut lock = LockWait::new(Path::new("data"));
        let (log, _logging) = Log::begin();
        let (locked, full) = (Some(&StoreError::Locked), Some(&StoreError::Full));
        let as_before = Duration::from_millis(7);
        connection.busy_timeout(as_before).unwrap();
        for (failure, expected, line) in [
            (None, as_before, ""),
            (full, as_before, ""),
            (locked, BRIEF, "changes are refused until then"),
            (locked, BRIEF, ""),
            (full, BRIEF, ""),
            (None, PATIENT, "ledger.db is no longer locked"),
            (None, PATIENT, ""),
        ] {
            lock.note(&connection, failure);
            assert_eq!(wait(&connection), expected, "{failure:?}");
            let logged = log.take();
            assert!(logged.contains(line) && logged.is_empty() == line.is_empty(), "{failure:?}: {logged}");
        }
    }
}
