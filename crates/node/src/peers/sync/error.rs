//! Why a peer's chain could not be fetched.

use std::time::Duration;

use crate::ledger::{ChangeError, IntakeError};
use crate::peers::client::{ClientError, CodingError};
use crate::system::threads::Panicked;

/// Why a peer's chain could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The peer did not send it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The whole chain took too long.
    #[error("did not finish within {0:?}")]
    Deadline(Duration),
    /// The whole chain is too long.
    #[error("sent more than {0} bytes")]
    TooLong(u64),
    /// The intake refused the chain.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The check panicked: a bug of this node.
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
    /// Whether this node panicked. Strangers do not learn the details.
    pub(super) fn is_panic(&self) -> bool {
        matches!(
            self,
            Self::Failed(_)
                | Self::Client(ClientError::Failed(_))
                | Self::Intake(IntakeError::Refused(ChangeError::Failed(_)))
        )
    }

    /// The kind of failure, as the outcome in a resolve's response.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn panicked() -> Panicked {
        Panicked::new("checking a chain", "an index")
    }

    #[test]
    fn failure_has_a_kind() {
        let second = Duration::from_secs(1);
        for (error, kind) in [
            (FetchError::Deadline(second), "too slow"),
            (ClientError::Silent(second).into(), "too slow"),
            (FetchError::TooLong(5), "invalid chain"),
            (IntakeError::NoBlocks.into(), "invalid chain"),
            (IntakeError::Empty.into(), "not a ledger node"),
            (ChangeError::Stopped.into(), "failed here"),
            (panicked().into(), "failed here"),
        ] {
            assert_eq!(error.kind(), kind, "{error}");
        }
    }

    #[test]
    fn panic_differs_from_other_failures() {
        let panics =
            [panicked().into(), ClientError::Failed(panicked()).into(), ChangeError::from(panicked()).into()];
        assert!(panics.iter().all(FetchError::is_panic));
        let others = [FetchError::TooLong(5), IntakeError::Empty.into(), ChangeError::Stopped.into()];
        assert!(!others.iter().any(FetchError::is_panic));
    }
}
