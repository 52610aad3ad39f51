//! [`Ledger`], the handle to the view in memory, the readers of the database and the writer.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use ledger_core::seam::RuleSet;
use ledger_core::{NodeAddress, Tip};
use tokio::sync::watch;

use super::incoming::{LargeBlocks, Staging};
use super::writer::Commands;
use super::{ChangeError, View};
use crate::events::{Feed, Listener};
use crate::store::{DataDir, FileWatch, Readers, StoreError};

/// A handle to the ledger. Dropping the last clone drains the writer's queue, then closes the database.
#[derive(Clone, Debug)]
pub struct Ledger(pub(super) Arc<Shared>);

/// A handle that does not keep the writer running. Listeners hold one.
#[derive(Clone, Debug)]
pub struct WeakLedger(Weak<Shared>);

/// What all handles share. Fields are dropped in this order.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) rules: Arc<dyn RuleSet>,
    pub(super) view: Arc<RwLock<View>>,
    pub(super) feed: Feed,
    /// Dropped before the writer: the last connection to close checkpoints the log, and that must be the writer's.
    pub(super) readers: Readers,
    pub(super) commands: Commands,
    /// Held while a chain is prepared and adopted. Only one at a time, to bound the memory.
    pub(super) adopting: Mutex<()>,
    pub(super) staging: Staging,
    pub(super) large: Arc<LargeBlocks>,
    /// Whether the ledger refuses changes.
    pub(super) closed: Arc<AtomicBool>,
    /// Whether the database's files are in place.
    pub(super) watch: Arc<FileWatch>,
    /// Keeps the directory locked until the last handle is dropped.
    pub(super) data_dir: Arc<DataDir>,
}

impl Ledger {
    /// A handle that does not keep the writer running.
    pub fn downgrade(&self) -> WeakLedger {
        WeakLedger(Arc::downgrade(&self.0))
    }

    /// Keeps files that were created in the data directory. Without this call they are removed when the ledger is closed.
    pub fn keep(&self) {
        self.0.data_dir.keep();
    }

    /// Checks that the ledger accepts changes, before a caller does work for one.
    ///
    /// # Errors
    ///
    /// [`ChangeError::Store`] with [`StoreError::Closed`] or [`StoreError::Displaced`].
    pub fn check_takes_changes(&self) -> Result<(), ChangeError> {
        if self.0.closed.load(Ordering::Relaxed) {
            return Err(StoreError::Closed.into());
        }
        Ok(self.0.watch.check()?)
    }

    /// The rule set of the chain.
    pub fn rules(&self) -> &Arc<dyn RuleSet> {
        &self.0.rules
    }

    /// Reads the view in memory. Keep `read` short: the writer waits for it.
    pub fn view<T>(&self, read: impl FnOnce(&View) -> T) -> T {
        read(&self.0.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The tip of our chain.
    pub fn tip(&self) -> Tip {
        self.view(|view| view.tip)
    }

    /// Listens to all changes from now on. Listen first, then read what you need.
    pub fn listen(&self) -> Listener {
        self.0.feed.listen()
    }

    /// Listens to all changes from now on, except payments added to the pool.
    pub fn listen_to_chain(&self) -> Listener {
        self.0.feed.listen_to_chain()
    }

    /// The peers, sorted.
    pub fn peers(&self) -> BTreeSet<NodeAddress> {
        self.view(|view| view.peers.clone())
    }

    /// Watches the number of incoming chains.
    pub fn incoming(&self) -> watch::Receiver<usize> {
        self.0.staging.stages()
    }

    /// The height of the highest incoming block; 0 if there is none.
    pub fn incoming_height(&self) -> u64 {
        self.0.staging.height()
    }

    /// The data directory.
    pub(super) fn directory(&self) -> &Path {
        self.0.data_dir.path()
    }

    /// Bytes of the database and of its write-ahead log, if the files are in place.
    pub fn file_sizes(&self) -> Option<(u64, u64)> {
        self.0.watch.sizes()
    }

    /// Connections for reading the database.
    pub fn readers(&self) -> &Readers {
        &self.0.readers
    }
}

impl WeakLedger {
    /// The ledger, if another handle still exists. Hold it only for one read: it keeps the writer running.
    pub fn upgrade(&self) -> Option<Ledger> {
        self.0.upgrade().map(Ledger)
    }
}

#[cfg(test)]
mod tests;
