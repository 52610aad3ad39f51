//! Every error with its status and message.

use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

use ledger_core::Printable;

use crate::access::Refusal;
use crate::http::{Busy, COSTLY, OVERLOADED, RETRY, TooMany};
use crate::ledger::{ChangeError, PagesError};
use crate::miner::MineError;
use crate::store::StoreError;
use crate::system::causes::with_causes;
use crate::system::disk_error::is_shortage;
use crate::system::threads::Panicked;

/// Why a request fails.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request is malformed, with the reason.
    #[error("{0}")]
    Bad(String),
    /// A member of a payment is missing.
    #[error("Missing values")]
    MissingValues,
    /// The list of nodes is missing or not a list.
    #[error("Error: Please supply a valid list of nodes")]
    NoNodes,
    /// The signature is not the sender's for this payment.
    #[error("Signature verification failure")]
    Signature,
    /// The caller lacks access.
    #[error(transparent)]
    Forbidden(#[from] Refusal),
    /// Nothing is at this path.
    #[error("{0}")]
    NotFound(String),
    /// The body is too long.
    #[error("the body has more than {0} bytes, which no request needs")]
    TooLong(usize),
    /// The body did not arrive in full.
    #[error("the body did not arrive in full")]
    Broken,
    /// Something is unavailable for now.
    #[error("{0}")]
    Busy(&'static str),
    /// The client has used up its budget of requests.
    #[error(
        "too many requests from your address: at most {} a second, costly ones counted as {COSTLY}; retry in {} s",
        .0.rate, .0.seconds()
    )]
    TooMany(TooMany),
    /// A thread of the node panicked: a bug in the node.
    #[error(transparent)]
    Failed(#[from] Panicked),
    /// The ledger refused a change.
    #[error(transparent)]
    Refused(#[from] ChangeError),
    /// No block was mined.
    #[error(transparent)]
    Mine(#[from] MineError),
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Busy> for ApiError {
    fn from(_: Busy) -> Self {
        Self::Busy(OVERLOADED)
    }
}

impl From<TooMany> for ApiError {
    fn from(error: TooMany) -> Self {
        Self::TooMany(error)
    }
}

impl From<PagesError> for ApiError {
    fn from(error: PagesError) -> Self {
        match error {
            PagesError::Store(error) => error.into(),
            PagesError::Replaced => Self::Busy("chain replaced while it was being sent; ask again"),
            PagesError::Failed(panicked) => panicked.into(),
        }
    }
}

impl ApiError {
    /// Seconds after which the same request may well be answered.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(error) => Some(error.seconds()),
            _ => self.is_temporary().then_some(RETRY.into()),
        }
    }

    /// Whether the same request may succeed a second later.
    fn is_temporary(&self) -> bool {
        match self {
            Self::Busy(_) => true,
            Self::Refused(ChangeError::Store(error))
            | Self::Mine(MineError::Refused(ChangeError::Store(error))) => {
                matches!(**error, StoreError::Busy | StoreError::Locked)
            }
            _ => false,
        }
    }

    /// Whether this node failed. The caller then learns no details.
    fn is_ours(&self) -> bool {
        match self {
            Self::Refused(refused) | Self::Mine(MineError::Refused(refused)) => is_failure(refused),
            Self::Failed(_) | Self::Mine(MineError::Failed(_)) => true,
            _ => false,
        }
    }

    /// The message to the client.
    fn says(&self) -> String {
        match self {
            // Do not tell strangers our paths.
            Self::Refused(refused) | Self::Mine(MineError::Refused(refused)) if is_displaced(refused) => {
                DISPLACED.into()
            }
            _ if self.is_ours() => {
                tracing::error!("{}", with_causes(self));
                "internal error; the node's log says why".into()
            }
            _ => Printable::message(self).to_string(),
        }
    }
}

/// The message about files that were moved, removed or replaced.
const DISPLACED: &str = "the node's files were moved, removed or replaced while it was running, so it accepts no changes; its \
    log says which, and what to do";

fn is_displaced(refused: &ChangeError) -> bool {
    matches!(refused, ChangeError::Store(error) if matches!(**error, StoreError::Displaced(_)))
}

fn is_failure(refused: &ChangeError) -> bool {
    refused_status(refused) == StatusCode::INTERNAL_SERVER_ERROR
}

fn refused_status(refused: &ChangeError) -> StatusCode {
    match refused {
        ChangeError::Pool(_) | ChangeError::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        ChangeError::TooManyPeers(_) => StatusCode::CONFLICT,
        ChangeError::Store(error) => store_status(error),
        ChangeError::OwnBlock(_) | ChangeError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn store_status(error: &StoreError) -> StatusCode {
    match error {
        StoreError::Busy | StoreError::Closed | StoreError::Locked | StoreError::Displaced(_) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        StoreError::Full | StoreError::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
        StoreError::Disk(error) if is_shortage(error) => StatusCode::INSUFFICIENT_STORAGE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Bad(_) | Self::MissingValues | Self::NoNodes | Self::Broken => StatusCode::BAD_REQUEST,
            Self::Signature => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(refused) | Self::Mine(MineError::Refused(refused)) => refused_status(refused),
            Self::Failed(_) | Self::Mine(MineError::Failed(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy(_) | Self::Mine(MineError::NoProof) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let says = self.says();
        let mut answer = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after() {
            answer.insert_header((RETRY_AFTER, seconds));
        }
        answer.content_type(ContentType::plaintext()).body(says)
    }
}

#[cfg(test)]
mod tests;
