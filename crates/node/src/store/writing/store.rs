//! [`Store`], the connection that writes.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;

use ledger_core::seam::CheckedBlock;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::create;
use crate::store::chain::{Discarded, blocks, signatures, states};
use crate::store::directory::{Condition, Contents, MissingLog, Usage, inspect, last};
use crate::store::errors::StoreError;
use crate::store::layout::{Sealed, schema, tip_seal};
use crate::store::log::{
    FileWatch, ForeignCommits, LedgerState, LockWait, ReadPermits, WatchThread, checkpoint,
};
use crate::store::{Readers, names};

/// The connection that writes. There is only one, so changes have an order.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    /// The condition in which the database was found.
    pub(super) found: Condition,
    /// The mark and the last acknowledged state; `None` until the database is in use.
    pub(super) usage: Option<Usage>,
    /// Wakes the thread that flushes staged blocks.
    pub(super) flush: SyncSender<()>,
    /// Permits for readers. The checkpoint thread withholds them when the log is long.
    permits: Arc<ReadPermits>,
    /// The thread that checkpoints the log.
    pub(super) checkpoint: Option<JoinHandle<()>>,
    /// Tables to be removed.
    pub(super) discarded: Discarded,
    /// Whether the store refuses changes.
    pub(super) closed: Arc<AtomicBool>,
    pub(super) pool_seal: PoolSeal,
    /// Checks before each commit that the files are in place.
    pub(super) watch: Arc<FileWatch>,
    _watching: WatchThread,
    /// Changes by other programs.
    pub(super) others: ForeignCommits,
    /// Limits how long a change waits for another program.
    pub(super) patience: LockWait,
}

/// The state of the pool table's seal. The first change removes it, a clean stop renews it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PoolSeal {
    /// The database is not in use yet.
    Unknown,
    There,
    Removed,
}

impl Store {
    /// Opens a directory's database, or creates one with a genesis.
    ///
    /// Changes nothing in an existing one until [`accept`](Self::accept).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the file is not ours, of a newer version or damaged, or if the files beside it do not belong to
    /// it; nothing changes.
    pub fn open(
        directory: &Path,
        missing_log: MissingLog,
        genesis: impl FnOnce() -> CheckedBlock<'static>,
    ) -> Result<Self, StoreError> {
        let found = match inspect::inspect(directory, missing_log)? {
            Contents::Database(found) => found,
            Contents::Nothing => create::create(directory, &genesis())?,
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(names::database(directory), flags)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let acknowledged = last::acknowledged(directory, &found, missing_log);
        schema::prepare_writer(&connection)?;
        acknowledged.map_or(Ok(()), |acknowledged| acknowledged.check(&connection))?;
        let watch = Arc::<FileWatch>::default();
        let watching = WatchThread::start(directory, &watch)?;
        let permits = Arc::<ReadPermits>::default();
        let (readers, files) = (Arc::clone(&permits), Arc::clone(&watch));
        let checkpoint = Some(checkpoint::attach(&mut connection, directory, readers, files)?);
        let flush = checkpoint::start_flusher(directory)?;
        let (discarded, closed) = (Discarded::default(), Arc::default());
        let (pool_seal, patience) = (PoolSeal::Unknown, LockWait::new(directory));
        let _watching = watching;
        Ok(Self {
            connection,
            found,
            usage: None,
            flush,
            permits,
            checkpoint,
            discarded,
            closed,
            pool_seal,
            watch,
            _watching,
            others: ForeignCommits::default(),
            patience,
        })
    }

    /// Connections for readers.
    pub fn readers(&self, directory: &Path) -> Readers {
        Readers::beside(directory, Arc::clone(&self.permits), Some(Arc::clone(&self.watch)))
    }

    /// Takes the database into use after its chain was checked: checks the small tables and cleans up after a killed
    /// process.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsealed`], or [`StoreError`] of the database.
    pub fn accept(&mut self, directory: &Path) -> Result<(), StoreError> {
        let pool_is_sealed = Sealed::Pool.check(&self.connection)?;
        let peers_are_sealed = Sealed::Peers.check(&self.connection)?;
        self.begin_log()?;
        // Remove signatures beyond the last block: someone may have cut off blocks, and the next ones would collide.
        self.durably(|connection| {
            let length = blocks::length(connection)?;
            signatures::delete_after(connection, length)?;
            states::delete_after(connection, length)?;
            tip_seal::add_missing(connection)
        })?;
        self.drop_stages()?;
        if !peers_are_sealed {
            self.durably(|connection| Sealed::Peers.renew(connection))?;
        }
        self.mark_open(directory)?;
        self.pool_seal = if pool_is_sealed { PoolSeal::There } else { PoolSeal::Removed };
        Ok(())
    }

    /// The check that the files are in place. Without them, changes are refused.
    pub(crate) fn watch(&self) -> Arc<FileWatch> {
        Arc::clone(&self.watch)
    }

    /// Sets the state to compare with after another program has changed the database.
    pub(crate) fn compare_with(&mut self, memory: impl Fn() -> LedgerState + Send + 'static) {
        self.others.compare_with(memory);
    }

    /// Writes the last acknowledged state, for the next start, if it is behind.
    pub(crate) fn settle(&mut self) {
        if let Some(usage) = &mut self.usage {
            usage.settle(&self.connection);
        }
    }

    /// Reads through this connection, without a transaction.
    pub(crate) fn reading<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        read(&self.connection)
    }

    /// The flag that closes the store. Once it is true, changes fail with [`StoreError::Closed`].
    pub(crate) fn closed(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.closed)
    }
}
