//! Opens a ledger in two steps: checks everything first, then changes the database.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use ledger_core::Pool;
use ledger_core::seam::RuleSet;

use super::handle::Shared;
use super::reorg::verify;
use super::writer;
use super::{Ledger, OpenError, POOL_LIMIT, View};
use crate::events::Events;
use crate::store::{DataDir, Store, StoreError, blocks, wallet};
use crate::system::clock;

/// A ledger that was checked and is not in use yet. Nothing in its directory has changed.
#[derive(Debug)]
pub struct Checked {
    store: Store,
    data_dir: DataDir,
    rules: Arc<dyn RuleSet>,
}

impl Ledger {
    /// Checks the ledger in a directory: that no block is missing, and the newest blocks in full. Creates one with a new
    /// genesis if there is none.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if the store cannot be used, or its chain is not what was written.
    pub fn check(data_dir: DataDir, rules: Arc<dyn RuleSet>) -> Result<Checked, OpenError> {
        let genesis = || rules.genesis(clock::now()).0;
        let open = || {
            let store = Store::open(data_dir.path(), data_dir.missing_log(), genesis)?;
            store.check_newest(&rules)?;
            Ok(store)
        };
        let store = open().map_err(|error| locked_in(data_dir.path(), error))?;
        Ok(Checked { store, data_dir, rules })
    }

    /// Checks and opens a ledger, and keeps files that are created.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check) and [`Checked::open`].
    pub fn open(data_dir: DataDir, rules: Arc<dyn RuleSet>) -> Result<Self, OpenError> {
        let ledger = Self::check(data_dir, rules)?.open(POOL_LIMIT)?;
        ledger.keep();
        Ok(ledger)
    }
}

impl Checked {
    /// The address of the wallet that the ledger was last used with, if it occurs in payments of the chain.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn paid_wallet(&self) -> Result<Option<String>, StoreError> {
        let paid = self.store.reading(|snapshot| wallet::paid_wallet(snapshot, &*self.rules));
        paid.map_err(|error| error.locked_in(self.data_dir.path()))
    }

    /// Opens the ledger. The pool accepts `pool_limit` bytes of canonical text; it keeps payments that wait already, even beyond
    /// that.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if the disk fails, or the pool or the peers are not what was written.
    pub fn open(self, pool_limit: usize) -> Result<Ledger, OpenError> {
        let directory = self.data_dir.path().to_owned();
        self.take_into_use(pool_limit).map_err(|error| locked_in(&directory, error))
    }

    fn take_into_use(self, pool_limit: usize) -> Result<Ledger, OpenError> {
        let Self { mut store, data_dir, rules } = self;
        let (tip, state) =
            store.tip(&rules)?.ok_or_else(|| StoreError::NoChain(data_dir.path().to_owned()))?;
        let pool = waiting(&store, &*rules, pool_limit)?;
        let view = Arc::new(RwLock::new(View {
            version: 0,
            tip,
            state,
            pool,
            peers: store.peers()?,
            sent_by_users: VecDeque::new(),
        }));
        store.accept(data_dir.path())?;
        let unsigned = store.drop_unsigned()?;
        if unsigned > 0 {
            tracing::warn!("dropped payments without a signature from an older version's pool: {unsigned}");
        }
        let readers = store.readers(data_dir.path());
        // Open one connection for reading now, while the file still has its name.
        readers.snapshot(|snapshot| blocks::length(snapshot))?;
        let memory = Arc::clone(&view);
        store.compare_with(move || memory.read().unwrap_or_else(PoisonError::into_inner).kept());
        let data_dir = Arc::new(data_dir);
        let (closed, watch) = (store.closed(), store.watch());
        let events = Events::new();
        let feed = events.feed();
        let shared = (Arc::clone(&view), events);
        let commands = writer::start(store, Arc::clone(&rules), shared, Arc::clone(&data_dir))?;
        let (adopting, staging, large) = Default::default();
        Ok(Ledger(Arc::new(Shared {
            rules,
            view,
            feed,
            readers,
            commands,
            adopting,
            staging,
            large,
            closed,
            watch,
            data_dir,
        })))
    }
}

/// Names the program that holds a lock, if that is the error.
fn locked_in(directory: &Path, error: OpenError) -> OpenError {
    match error {
        OpenError::Store(error) => error.locked_in(directory).into(),
        other => other,
    }
}

/// Loads the stored pool. Verifies all signatures again.
fn waiting(store: &Store, rules: &dyn RuleSet, limit: usize) -> Result<Pool, StoreError> {
    let mut pool = Pool::new(limit);
    for (number, payment) in verify(store.pool(rules)?) {
        let payment = payment.ok_or_else(|| {
            let why = format!("payment {number} of the pool: its signature is not its sender's");
            StoreError::damaged(why)
        })?;
        pool.restore(number, payment);
    }
    Ok(pool)
}

#[cfg(test)]
mod tests {
    use ::wallet::Wallet;
    use rusqlite::Connection;

    use super::*;
    use crate::ledger::testing::{ledger, seal};
    use crate::store::Finding;
    use crate::store::testing::rules_at;
    use crate::telemetry::testing::Log;

    fn change(directory: &tempfile::TempDir, sql: &str) {
        Connection::open(directory.path().join("ledger.db")).unwrap().execute_batch(sql).unwrap();
    }

    fn check(directory: &tempfile::TempDir) -> Result<Checked, OpenError> {
        Ledger::check(DataDir::take(directory.path()).unwrap(), rules_at(1))
    }

    #[test]
    fn payments_without_a_signature_are_dropped_and_reported() {
        let directory = tempfile::tempdir().unwrap();
        let (log, _logging) = Log::begin();
        ledger(&directory);
        ledger(&directory);
        assert!(!log.take().contains("dropped"));
        change(
            &directory,
            "INSERT INTO pool VALUES (0, 'payment', NULL); DELETE FROM seals WHERE name = 'pool'",
        );
        ledger(&directory);
        assert!(log.take().contains("dropped payments without a signature from an older version's pool: 1"));
        ledger(&directory);
        assert!(!log.take().contains("dropped"));
    }

    #[test]
    fn paid_wallet_is_reported() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let wallet = Wallet::generate().unwrap();
        ledger.note_wallet(wallet.address()).unwrap();
        drop(ledger);
        let paid = || check(&directory).unwrap().paid_wallet().unwrap();
        assert_eq!(paid(), None);
        let ledger = self::ledger(&directory);
        let staged = crate::ledger::testing::rewards(&wallet.address().to_string(), 1);
        crate::ledger::testing::stage(&ledger, ledger.tip(), staged).adopt().unwrap().unwrap();
        drop(ledger);
        assert_eq!(paid(), Some(wallet.address().to_string()));
    }

    #[test]
    fn each_kind_of_damage_has_its_own_error() {
        let directory = tempfile::tempdir().unwrap();
        seal(&ledger(&directory));
        change(&directory, "UPDATE payments SET entries = replace(entries, ',0,', ',1,')");
        assert!(matches!(check(&directory), Err(OpenError::Index(Finding::Index { .. }))));
        change(&directory, "UPDATE blocks SET text = replace(text, 'us', 'me') WHERE height = 2");
        assert!(matches!(check(&directory), Err(OpenError::Changed(Finding::Block(_)))));
        change(&directory, "DELETE FROM blocks; DELETE FROM payments");
        let empty = check(&directory).unwrap().open(POOL_LIMIT);
        assert!(matches!(empty, Err(OpenError::Store(StoreError::NoChain(_)))));
    }
}
