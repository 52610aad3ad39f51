//! Why a peer's chain was not got.

use std::time::Duration;

use crate::ledger::{ChangeError, IntakeError};
use crate::peers::client::{ClientError, CodingError};
use crate::system::threads::Panicked;

/// Why a peer's chain was not got.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The peer did not send it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The whole took too long.
    #[error("did not finish within {0:?}")]
    Deadline(Duration),
    /// The whole is too long.
    #[error("sent more than {0} bytes")]
    TooLong(u64),
    /// What came is not a chain we could take.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The check panicked, which is a fault of ours.
    #[error(transparent)]
    Failed(#[from] Panicked),
}

impl From<CodingError> for FetchError {
    fn from(error: CodingError) -> Self {
        Self::Client(error.into())
    }
}

impl From<ChangeError> for FetchError {
    fn from(error: ChangeError) -> Self {
        Self::Intake(error.into())
    }
}

impl FetchError {
    /// Whether it is a panic of ours, of which strangers learn no more than that.
    pub(super) fn is_panic(&self) -> bool {
        matches!(
            self,
            Self::Failed(_)
                | Self::Client(ClientError::Failed(_))
                | Self::Intake(IntakeError::Refused(ChangeError::Failed(_)))
        )
    }

    /// What kind of failure it is, in a few words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Client(error) => error.kind(),
            Self::Deadline(_) => "too slow",
            Self::Failed(_) | Self::Intake(IntakeError::Refused(_)) => "failed here",
            Self::Intake(error) if error.is_no_chain() => "not a ledger node",
            Self::TooLong(_) | Self::Intake(_) => "invalid chain",
        }
    }
}
