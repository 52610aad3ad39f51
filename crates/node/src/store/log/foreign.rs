//! Commits of other programs through SQLite while the node runs, such as `sqlite3 ledger.db ".restore backup.db"`.
//!
//! SQLite counts all commits in the shared memory. If there are more than the node's own, the node compares the
//! stored tip, pool and peers with those in memory. Another program may add an index, but not replace the chain.

use std::collections::BTreeSet;
use std::fmt;

use ledger_core::PaymentNumber;
use rusqlite::Connection;

use super::watch::FileWatch;
use crate::store::errors::StoreError;

/// What the node keeps both on disk and in memory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LedgerState {
    /// Hash of the last block.
    pub(crate) tip: String,
    /// Number of payments in the pool, and the last one's number.
    pub(crate) pool: (usize, Option<PaymentNumber>),
    /// Registered peers.
    pub(crate) peers: BTreeSet<String>,
}

/// Reads the state in memory.
type Memory = Box<dyn Fn() -> LedgerState + Send>;

/// Tells other programs' commits from the node's own.
#[derive(Default)]
pub(crate) struct ForeignCommits {
    /// The commit counter after our last commit.
    commits: Option<u32>,
    memory: Option<Memory>,
}

impl ForeignCommits {
    /// Sets the state that later checks compare with.
    pub(crate) fn compare_with(&mut self, memory: impl Fn() -> LedgerState + Send + 'static) {
        self.memory = Some(Box::new(memory));
    }

    /// Checks for foreign commits. Call it in a write transaction, which keeps further ones out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`], now and at each later check, if they changed what the node keeps.
    pub(crate) fn check(&mut self, transaction: &Connection, watch: &FileWatch) -> Result<(), StoreError> {
        let now = watch.committed();
        if now == self.commits {
            return Ok(());
        }
        match &self.memory {
            Some(memory) if LedgerState::stored(transaction)? != memory() => watch.refuse(),
            _ => {
                self.commits = now;
                Ok(())
            }
        }
    }

    /// Records a commit of our own. If another program has committed since, the next check finds it.
    pub(crate) fn committed(&mut self, watch: &FileWatch) {
        let own = self.commits.map(|commits| commits.wrapping_add(1));
        let now = watch.committed();
        // SQLite does not count a transaction that changes nothing.
        if now != self.commits {
            self.commits = own.filter(|own| Some(*own) == now);
        }
    }
}

impl LedgerState {
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

impl fmt::Debug for ForeignCommits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignCommits").field("commits", &self.commits).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::store::directory::{DataDir, MissingLog};
    use crate::store::testing::TestChain;
    use crate::store::{Store, names};

    #[test]
    fn memory_is_compared_only_after_foreign_commits() {
        let directory = tempfile::tempdir().unwrap();
        let _data_dir = DataDir::take(directory.path()).unwrap();
        let genesis = || TestChain::new().genesis();
        let mut store = Store::open(directory.path(), MissingLog::Refused, genesis).unwrap();
        store.accept(directory.path()).unwrap();
        let compared = Arc::<AtomicUsize>::default();
        let (count, tip) = (Arc::clone(&compared), TestChain::new().tip().hash.to_string());
        store.compare_with(move || {
            count.fetch_add(1, Ordering::Relaxed);
            LedgerState { tip: tip.clone(), pool: (0, None), peers: BTreeSet::new() }
        });
        let note = |store: &mut Store, address: &str| store.note_wallet(address).unwrap();
        note(&mut store, "one");
        let before = compared.load(Ordering::Relaxed);
        ["two", "three", "four"].iter().for_each(|address| note(&mut store, address));
        assert_eq!(compared.load(Ordering::Relaxed), before);
        let other = Connection::open(names::database(directory.path())).unwrap();
        other.execute_batch("CREATE INDEX mine ON blocks (hash)").unwrap();
        ["five", "six", "seven"].iter().for_each(|address| note(&mut store, address));
        assert_eq!(compared.load(Ordering::Relaxed), before + 1);
    }
}
