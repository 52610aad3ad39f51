//! Why a change was not made.

use std::sync::Arc;

use ledger_core::seam::{BlockError, PoolError};

use super::MAX_PEERS;
use crate::store::StoreError;
use crate::system::threads::Panicked;

/// Why a change was not made. The ledger is as before.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ChangeError {
    /// The pool refuses the payment.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// The list of peers is full.
    #[error("too many neighbours: at most {MAX_PEERS}, and these would make {0}")]
    TooManyPeers(usize),
    /// The rules refuse our own block: a bug of this node.
    #[error("own block refused: {0}")]
    OwnBlock(BlockError),
    /// The disk failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// A thread of the node panicked: a bug of this node.
    #[error(transparent)]
    Failed(#[from] Panicked),
    /// The node is stopping.
    #[error("the node is stopping")]
    Stopped,
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}
