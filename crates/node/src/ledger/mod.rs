//! The node's ledger: one writer that changes it in order, and readers that never wait for it.
//!
//! All changes of chain, pool and neighbours go through a thread of their own. It commits to disk first, then makes the
//! change visible, then answers: whoever has an answer can rely on it. Payments that arrive together share one commit.
//!
//! - `opening`: checking what is there before it is used
//! - `view`: what is kept in memory, the tip, the pool and the neighbours
//! - `writer`: the thread, and how payments share a commit
//! - `changes`: what the writer can be asked to do
//! - `intake`, `candidate`, `partial`, `large`, `stage`, `orphans` and `reorg`: another chain on its way in, until it is ours
//! - `signatures`: verifying the payments that a store kept
//! - `stream`: the chain on its way out

mod candidate;
mod changes;
mod intake;
mod large;
mod opening;
mod orphans;
mod partial;
mod reorg;
mod signatures;
mod stage;
mod stream;
mod submission;
mod view;
mod writer;

pub use candidate::Candidate;
pub use changes::{MAX_PEERS, Refused, Sealing};
pub use intake::{Intake, IntakeError};
pub use opening::Checked;
pub use stage::StageWriter;
pub use stream::{After, Beginning, BrokenOff, Framing, PAGE, Rest, begin, begin_in};
pub use submission::{Submission, SubmitReply};
pub use view::View;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ledger_core::{Fault, NodeAddress, Rules, Tip};
use tokio::sync::{Notify, oneshot};

use crate::store::{Finding, Place, Readers, StoreError, Watch};
use writer::{Command, Commands, Writer};

/// The canonical bytes of payments that may wait for a block, if nothing else is said.
pub const POOL_LIMIT: usize = 16 << 20;

/// The most canonical bytes of payments that a block of ours takes, however many wait: neighbours refuse
/// blocks that are too large.
pub const BLOCK_LIMIT: usize = 16 << 20;

/// The most bytes a block of a peer may have: twice what we make, since others write longer.
pub const MAX_BLOCK: usize = 2 * BLOCK_LIMIT;

/// Why a ledger cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain is valid at another difficulty only.
    #[error(
        "{0}; was the chain mined at another difficulty? name that with --difficulty, or begin a new chain at this one: \
         --data-dir with a new directory, or --in-memory"
    )]
    Difficulty(Finding),
    /// What stands beside the chain does not belong to it.
    #[error(transparent)]
    Index(Finding),
    /// The chain is not what was written.
    #[error(
        "the stored chain is refused: {0}. Every later block builds on the hash of the one before, so no past payment can \
         be changed unseen; restore a backup into a new directory with `node import FILE --data-dir NEW`, or start anew there"
    )]
    Changed(Finding),
}

impl From<Finding> for OpenError {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Store(error) => Self::Store(error),
            Finding::Fault(Fault::Proof { .. }) => Self::Difficulty(finding),
            Finding::HashCount { .. }
            | Finding::NotIndexed(_)
            | Finding::Index { .. }
            | Finding::IndexRow { .. }
            | Finding::Signature { .. } => Self::Index(finding),
            _ => Self::Changed(finding),
        }
    }
}

/// A handle to the ledger; clones share it.
#[derive(Clone, Debug)]
pub struct Ledger {
    rules: Rules,
    view: Arc<RwLock<View>>,
    /// Payments have come into the pool.
    arrivals: Arc<Notify>,
    /// Dropped before the writer, whose connection brings in the log if it is the last to be closed.
    readers: Arc<Readers>,
    commands: Arc<Commands>,
    /// Held while a chain is prepared and adopted: the memory that takes is bounded for one.
    adopting: Arc<Mutex<()>>,
    /// Whether no change is taken any more.
    closed: Arc<AtomicBool>,
    /// Whether the files are in their places.
    watch: Arc<Watch>,
    /// Held so that the directory stays ours until the last handle is gone.
    place: Arc<Place>,
}

impl Ledger {
    /// Keeps what was made in the data directory: from now on, it stays when the ledger is closed.
    pub fn keep(&self) {
        self.place.keep();
    }

    /// Takes no more changes, since what is stored is not what was written.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Checks that a change would be taken, before somebody works for one.
    ///
    /// # Errors
    ///
    /// [`Refused::Store`] with [`StoreError::Closed`] or [`StoreError::Displaced`].
    pub fn check_takes_changes(&self) -> Result<(), Refused> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(StoreError::Closed.into());
        }
        Ok(self.watch.check()?)
    }

    /// The rules the chain keeps.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Looks at what is in memory. What `look` does must be short: the writer waits for it.
    pub fn view<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        look(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The last block's index, proof and hash.
    pub fn tip(&self) -> Tip {
        self.view(|view| view.tip)
    }

    /// Waits until the pool has a payment.
    pub async fn until_payments_wait(&self) {
        loop {
            let arrival = self.arrivals.notified();
            if self.view(|view| !view.pool.is_empty()) {
                return;
            }
            arrival.await;
        }
    }

    /// The neighbours, sorted.
    pub fn peers(&self) -> BTreeSet<NodeAddress> {
        self.view(|view| view.peers.clone())
    }

    /// The data directory.
    fn directory(&self) -> &Path {
        self.place.path()
    }

    /// Connections for readers.
    pub fn readers(&self) -> &Arc<Readers> {
        &self.readers
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Writer) -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let (reply, answer) = oneshot::channel();
        let command = Command::task(question, reply);
        self.commands.send(command).await?;
        answer.await.map_err(|_| Refused::Stopped)
    }

    /// Asks the writer about something, from a thread that may block.
    fn wait_for<About: Send + 'static, T: Send + 'static, E: Into<Refused> + Send + 'static>(
        &self,
        question: impl FnOnce(&mut Writer, About) -> Result<T, E> + Send + 'static,
        about: About,
    ) -> Result<T, Refused> {
        let (reply, answer) = oneshot::channel();
        self.commands.blocking_send(Command::task(move |writer| question(writer, about), reply))?;
        answer.blocking_recv().map_err(|_| Refused::Stopped)?.map_err(Into::into)
    }
}
