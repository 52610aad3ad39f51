//! Why a peer's chain was not taken.

use p2p::{AskError, Offence};

use crate::ledger::{ChangeError, IntakeError};
use crate::store::StoreError;
use crate::system::threads::Panicked;

/// Why a sync ended without a result.
#[derive(Debug, thiserror::Error)]
pub(super) enum SyncError {
    /// The peer did not answer.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// Its chain is not valid, or our own store failed.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Its fork point is not a block of ours at that height.
    #[error("its fork point, block {0}, is not ours")]
    ForkPoint(u64),
    /// It has a block that the rule set refuses for its size.
    #[error("a block of {length} bytes, and at most {limit} are allowed")]
    TooLarge {
        /// What the peer says.
        length: u64,
        /// The limit of the rule set.
        limit: u64,
    },
    /// Its chain has less weight than it claimed.
    #[error("its chain is valid, but not the one that it claimed to have")]
    Lighter,
    /// Its chain changed while it was fetched.
    #[error("its chain was replaced while it arrived")]
    Replaced,
    /// It sends too slowly.
    #[error("too slow: less than {0} bytes a second")]
    Slow(u64),
}

impl SyncError {
    /// The peer's offence; `None` if it may be honest.
    pub(super) fn offence(&self) -> Option<Offence> {
        match self {
            Self::Intake(IntakeError::Refused(_) | IntakeError::Parted(_)) => None,
            Self::Intake(_) => Some(Offence::InvalidBlock),
            Self::ForkPoint(_) | Self::TooLarge { .. } | Self::Lighter => Some(Offence::FalseAnswer),
            Self::Slow(_) => Some(Offence::Stall),
            Self::Replaced => Some(Offence::Useless),
            // The network charges the peer itself.
            Self::Ask(_) => None,
        }
    }

    /// Whether this node failed, and not the peer.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Intake(IntakeError::Refused(_)))
    }
}

impl From<StoreError> for SyncError {
    fn from(error: StoreError) -> Self {
        Self::Intake(error.into())
    }
}

impl From<ChangeError> for SyncError {
    fn from(error: ChangeError) -> Self {
        Self::Intake(error.into())
    }
}

impl From<Panicked> for SyncError {
    fn from(error: Panicked) -> Self {
        ChangeError::from(error).into()
    }
}
