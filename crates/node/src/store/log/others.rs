//! Changes that another program commits through SQLite while the node uses the database, as
//! `sqlite3 ledger.db ".restore backup.db"` does.
//!
//! SQLite counts all changes in the shared memory. If more were committed than the node's own, what the node keeps is
//! compared with what it has in memory: an index that somebody adds is no harm, another chain in the place of ours is one.

use std::collections::BTreeSet;
use std::fmt;

use rusqlite::Connection;

use super::watch::Watch;
use crate::store::errors::StoreError;

/// What the node keeps, as far as it has it in memory, too.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InMemory {
    /// The hash of the last block.
    pub(crate) tip: String,
    /// How many payments wait, and the number of the last one.
    pub(crate) pool: (usize, Option<i64>),
    /// The neighbours.
    pub(crate) peers: BTreeSet<String>,
}

/// Answers what is in memory now.
type Memory = Box<dyn Fn() -> InMemory + Send>;

/// Tells the changes of other programs from the node's own.
#[derive(Default)]
pub(crate) struct Others {
    /// How many changes there were after the last one of our own.
    commits: Option<u32>,
    memory: Option<Memory>,
}

impl Others {
    /// Compares with this from now on.
    pub(crate) fn compare_with(&mut self, memory: impl Fn() -> InMemory + Send + 'static) {
        self.memory = Some(Box::new(memory));
    }

    /// Looks for others' changes in a transaction that writes, which keeps further ones out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`] if they have changed what the node keeps, from now on.
    pub(crate) fn check(&mut self, transaction: &Connection, watch: &Watch) -> Result<(), StoreError> {
        let now = watch.committed();
        if now == self.commits {
            return Ok(());
        }
        match &self.memory {
            Some(memory) if InMemory::stored(transaction)? != memory() => watch.refuse(),
            _ => {
                self.commits = now;
                Ok(())
            }
        }
    }

    /// Notes a commit of our own. If another program has made one since, the next check finds it.
    pub(crate) fn committed(&mut self, watch: &Watch) {
        let own = self.commits.map(|commits| commits.wrapping_add(1));
        let now = watch.committed();
        // A transaction that has changed nothing does not count.
        if now != self.commits {
            self.commits = own.filter(|own| Some(*own) == now);
        }
    }
}

impl InMemory {
    fn stored(connection: &Connection) -> Result<Self, StoreError> {
        let tip =
            "SELECT coalesce(max(hash), '') FROM blocks WHERE height = (SELECT max(height) FROM blocks)";
        let mut peers = connection.prepare("SELECT address FROM peers")?;
        Ok(Self {
            tip: connection.query_row(tip, [], |row| row.get(0))?,
            pool: connection.query_row("SELECT count(*), max(number) FROM pool", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?,
            peers: peers.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?,
        })
    }
}

impl fmt::Debug for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Others").field("commits", &self.commits).finish_non_exhaustive()
    }
}
