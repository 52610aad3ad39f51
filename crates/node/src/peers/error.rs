//! Why a peer's chain was not got.

use std::time::Duration;

use actix_web::http::StatusCode;
use awc::error::{PayloadError, SendRequestError};
use ledger_core::Printable;

use super::destination::NoPlace;
use super::pace::LEAST;
use crate::ledger::{IntakeError, Refused};

/// Why a peer's chain was not got.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No connection or no answer.
    #[error("no answer: {}", Printable::foreign(.0))]
    Send(SendRequestError),
    /// An answer that is not 200.
    #[error("answered with status {0}")]
    Status(StatusCode),
    /// The connection broke.
    #[error("the connection broke: {}", Printable::foreign(.0))]
    Broken(PayloadError),
    /// Too little came in too long a time.
    #[error("sent less than {LEAST} bytes of blocks in {0:?}")]
    Silent(Duration),
    /// The whole took too long.
    #[error("did not finish within {0:?}")]
    Deadline(Duration),
    /// The whole is too long.
    #[error("sent more than {0} bytes")]
    TooLong(u64),
    /// What came is not a chain we could take.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// No peer is at its address.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
    /// The check was lost, which is a fault of ours.
    #[error("the check of its chain failed")]
    Failed,
}

impl From<Refused> for FetchError {
    fn from(error: Refused) -> Self {
        Self::Intake(error.into())
    }
}

impl FetchError {
    /// What kind of failure it is, in a word or two.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Send(_) => "no answer",
            Self::Status(_) => "wrong status",
            Self::Broken(_) => "broken connection",
            Self::Silent(_) | Self::Deadline(_) => "too slow",
            Self::Failed | Self::Intake(IntakeError::Refused(_)) => "failed here",
            Self::NoPlace(_) => "no place for a node",
            Self::TooLong(_) | Self::Intake(_) => "refused",
        }
    }
}
