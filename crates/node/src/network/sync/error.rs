//! Why a peer's chain was not taken.

use p2p::{AskError, DownloadError, Offence, PeerId};

use crate::ledger::{ChangeError, IntakeError};
use crate::store::StoreError;
use crate::system::threads::Panicked;

/// A sync that ended without a result, and the peer that answers for it.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) peer: PeerId,
    pub(super) error: SyncError,
}

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
    /// No peer is left that could send the rest.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// Its chain has less weight than it claimed.
    #[error("its chain is valid, but not the one that it claimed to have")]
    Lighter,
    /// Its chain changed while it was fetched.
    #[error("its chain was replaced while it arrived")]
    Replaced,
    /// Its blocks come too slowly.
    #[error("too slow: less than {0} bytes a second")]
    Slow(u64),
}

impl SyncError {
    /// The peer's offence; `None` if it may be honest.
    pub(super) fn offence(&self) -> Option<Offence> {
        match self {
            Self::Intake(IntakeError::Parted(_)) => None,
            Self::Intake(error) if error.is_ours() => None,
            Self::Intake(_) => Some(Offence::InvalidBlock),
            Self::ForkPoint(_) | Self::Lighter => Some(Offence::FalseAnswer),
            Self::Slow(_) => Some(Offence::Stall),
            Self::Replaced | Self::Download(DownloadError::Parted { sender: Some(_), .. }) => {
                Some(Offence::Useless)
            }
            // The network and the download charge the peers themselves.
            Self::Ask(_) | Self::Download(_) => None,
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

#[cfg(test)]
mod tests {
    use ledger_core::Height;

    use super::*;

    #[test]
    fn peers_are_blamed_only_for_their_own_failures() {
        let parted = |sender| DownloadError::Parted { height: 5, sender };
        let no_peers = DownloadError::NoPeers { height: 5, last: "it left".into() };
        let cases: [(SyncError, Option<Offence>); 11] = [
            (IntakeError::Parted(Height::GENESIS).into(), None),
            (ChangeError::Stopped.into(), None),
            (Panicked::new("checking blocks", "a bug").into(), None),
            (IntakeError::Empty.into(), Some(Offence::InvalidBlock)),
            (SyncError::ForkPoint(5), Some(Offence::FalseAnswer)),
            (SyncError::Lighter, Some(Offence::FalseAnswer)),
            (SyncError::Slow(100), Some(Offence::Stall)),
            (SyncError::Replaced, Some(Offence::Useless)),
            (parted(Some(PeerId::random())).into(), Some(Offence::Useless)),
            (parted(None).into(), None),
            (no_peers.into(), None),
        ];
        for (error, offence) in cases {
            assert_eq!(error.offence(), offence, "{error}");
        }
        assert!(SyncError::from(ChangeError::Stopped).is_ours());
        assert!(!SyncError::Replaced.is_ours());
        assert!(!SyncError::from(IntakeError::Empty).is_ours());
    }
}
