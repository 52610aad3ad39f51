//! How long a change waits while another program has the database locked.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::store::errors::StoreError;
use crate::store::names::DATABASE;

/// How long a change waits for a lock. Other programs seldom hold one for longer.
const PATIENT: Duration = Duration::from_secs(5);

/// How long each change waits once one has waited in vain: those who come later need not queue up behind it.
const BRIEF: Duration = Duration::from_millis(50);

/// How long the next change waits.
#[derive(Debug)]
pub(crate) struct Patience {
    directory: PathBuf,
    is_brief: bool,
}

impl Patience {
    /// Of the connection that writes the database in a directory, which is patient at first.
    pub(crate) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), is_brief: false }
    }

    /// Notes whether a change has met a lock. The log says when it begins and when it ends.
    pub(crate) fn note(&mut self, connection: &Connection, failure: Option<&StoreError>) {
        let is_locked = matches!(failure, Some(StoreError::Locked));
        // Only what was written shows that the lock is gone.
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
            tracing::info!("{DATABASE} is no longer locked: changes are taken again");
        }
        let set = connection.busy_timeout(if is_locked { BRIEF } else { PATIENT });
        debug_assert!(set.is_ok(), "a time to wait can be set at any time");
    }
}
