//! Why a change was not made.

use std::sync::Arc;

use ledger_core::seam::{BlockError, PoolError};

use super::MAX_PEERS;
use crate::store::StoreError;
use crate::system::threads::Panicked;

/// Why a change was not made. Nothing has changed then.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ChangeError {
    /// The payment may not wait.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// The list of neighbours has no room.
    #[error("too many neighbours: at most {MAX_PEERS}, and these would make {0}")]
    TooManyPeers(usize),
    /// The rules refuse a block of ours, which is a fault of ours.
    #[error("a block of our own is refused: {0}")]
    OwnBlock(BlockError),
    /// The disk failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// A thread of the node panicked, which is a fault of ours.
    #[error(transparent)]
    Failed(#[from] Panicked),
    /// The node is about to stop.
    #[error("the node is stopping")]
    Stopped,
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}
