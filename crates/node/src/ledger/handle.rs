//! The handle to the ledger: what is read from memory, and the way to disk and writer.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use ledger_core::seam::RuleSet;
use ledger_core::{NodeAddress, Tip};

use super::incoming::{LargeBlocks, Staging};
use super::writer::Commands;
use super::{ChangeError, View};
use crate::events::{Feed, Listener};
use crate::store::{DataDir, FileWatch, Readers, StoreError};

/// A handle to the ledger; clones share it. When the last one is dropped, the writer does what it was asked, and ends.
#[derive(Clone, Debug)]
pub struct Ledger(pub(super) Arc<Shared>);

/// A handle that does not keep the writer running, for whoever waits for events.
#[derive(Clone, Debug)]
pub struct WeakLedger(Weak<Shared>);

/// What all handles share. Fields are dropped in this order.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) rules: Arc<dyn RuleSet>,
    pub(super) view: Arc<RwLock<View>>,
    pub(super) feed: Feed,
    /// Dropped before the writer, whose connection brings in the log if it is the last to be closed.
    pub(super) readers: Readers,
    pub(super) commands: Commands,
    /// Held while a chain is prepared and adopted: the memory that takes is bounded for one.
    pub(super) adopting: Mutex<()>,
    pub(super) staging: Staging,
    pub(super) large: Arc<LargeBlocks>,
    /// Whether no change is taken any more.
    pub(super) closed: Arc<AtomicBool>,
    /// Whether the files are in their places.
    pub(super) watch: Arc<FileWatch>,
    /// Held so that the directory stays ours until the last handle has gone.
    pub(super) data_dir: Arc<DataDir>,
}

impl Ledger {
    /// A handle that does not keep the writer running.
    pub fn downgrade(&self) -> WeakLedger {
        WeakLedger(Arc::downgrade(&self.0))
    }

    /// Keeps what was made in the data directory: from now on, it stays when the ledger is closed.
    pub fn keep(&self) {
        self.0.data_dir.keep();
    }

    /// Checks that a change would be taken, before somebody works for one.
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

    /// The rule set that decides what the chain may hold.
    pub fn rules(&self) -> &Arc<dyn RuleSet> {
        &self.0.rules
    }

    /// Looks at what is in memory. What `look` does must be short: the writer waits for it.
    pub fn view<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        look(&self.0.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The last block's index, proof and hash.
    pub fn tip(&self) -> Tip {
        self.view(|view| view.tip)
    }

    /// Hears all changes from now on. Listen first, then read what you need.
    pub fn listen(&self) -> Listener {
        self.0.feed.listen()
    }

    /// Hears all changes from now on but payments that come into the pool.
    pub fn listen_to_chain(&self) -> Listener {
        self.0.feed.listen_to_chain()
    }

    /// The neighbours, sorted.
    pub fn peers(&self) -> BTreeSet<NodeAddress> {
        self.view(|view| view.peers.clone())
    }

    /// The data directory.
    pub(super) fn directory(&self) -> &Path {
        self.0.data_dir.path()
    }

    /// Connections for readers.
    pub fn readers(&self) -> &Readers {
        &self.0.readers
    }
}

impl WeakLedger {
    /// The ledger, while somebody else still has it. Hold it for one read at a time: it keeps the node from ending.
    pub fn upgrade(&self) -> Option<Ledger> {
        self.0.upgrade().map(Ledger)
    }
}

#[cfg(test)]
mod tests;
