//! Why a peer's chain was not got.

use std::io;
use std::time::Duration;

use actix_http::error::ParseError;
use awc::error::{PayloadError, SendRequestError};
use awc::http::StatusCode;
use ledger_core::Printable;

use crate::ledger::{IntakeError, Refused};
use crate::peers::client::{ACCEPTED, HeadError, LEAST};
use crate::peers::registry::NoPlace;

/// Why a peer's chain was not got.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No connection, or one that broke before there was an answer.
    #[error("no answer: {}", no_connection(.0))]
    Connect(io::Error),
    /// A connection, but no answer in HTTP.
    #[error("no answer: {0}")]
    Http(HeadError),
    /// The answer did not begin in time.
    #[error("no answer: it did not begin within {0:?}")]
    NoHead(Duration),
    /// An answer that leads elsewhere.
    #[error("answered {}, a redirect to {}: redirects are not followed; register the address that answers itself", status(*.0), Printable::foreign(.1))]
    Redirect(StatusCode, String),
    /// Another answer that is not 200.
    #[error("answered {}: {}", status(*.0), meaning(*.0))]
    Status(StatusCode),
    /// The answer is packed in a way that is not read.
    #[error("its answer has the Content-Encoding {}; a node reads {ACCEPTED}", Printable::foreign(.0))]
    Coding(String),
    /// The answer is not packed as its head says.
    #[error("its answer is not packed as its Content-Encoding says: {}", Printable::foreign(.0))]
    Unpack(io::Error),
    /// The connection broke.
    #[error("the connection broke: {}", broken(.0))]
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
    /// What awc's failure is.
    pub(in crate::peers) fn of(error: SendRequestError) -> Self {
        match error {
            SendRequestError::Send(error) | SendRequestError::Response(ParseError::Io(error)) => {
                error.downcast().map_or_else(Self::Connect, Self::Http)
            }
            error => Self::Http(HeadError::Unreadable(error.to_string())),
        }
    }

    /// What kind of failure it is, in a few words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Connect(_) | Self::Http(HeadError::HungUp) | Self::NoHead(_) => "no answer",
            Self::Http(_) => "not a ledger node",
            Self::Status(status) if is_for_a_moment(*status) => "busy",
            Self::Redirect(..) | Self::Status(_) => "not a ledger node",
            Self::Broken(_) => "broken connection",
            Self::Silent(_) | Self::Deadline(_) => "too slow",
            Self::Failed | Self::Intake(IntakeError::Refused(_)) => "failed here",
            Self::NoPlace(_) => "no place for a node",
            Self::Intake(error) if error.is_no_chain() => "not a ledger node",
            Self::Coding(_) | Self::Unpack(_) => "unreadable answer",
            Self::TooLong(_) | Self::Intake(_) => "invalid chain",
        }
    }
}

/// A status with its usual name, such as `404 Not Found`.
fn status(status: StatusCode) -> String {
    status
        .canonical_reason()
        .map_or_else(|| status.as_str().to_owned(), |reason| format!("{} {reason}", status.as_str()))
}

/// Whether the same request may well be answered a second later.
fn is_for_a_moment(status: StatusCode) -> bool {
    matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
}

/// What a status says of a peer.
fn meaning(status: StatusCode) -> &'static str {
    match status {
        _ if is_for_a_moment(status) => "it is busy; resolve again later",
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            "a proxy answers there, and the node behind it does not"
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            "whoever answers there lets nobody read; a ledger node lets everybody read its chain"
        }
        _ if status.is_server_error() => "it failed to send its chain; its log may say why",
        _ => "a ledger node answers /chain with 200; is one there?",
    }
}

/// Why there is no connection.
fn no_connection(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing listens there (connection refused)".to_owned(),
        _ => Printable::foreign(error).to_string(),
    }
}

/// How a connection broke.
fn broken(error: &PayloadError) -> String {
    match error {
        PayloadError::Io(error) | PayloadError::Incomplete(Some(error)) => {
            Printable::foreign(error).to_string()
        }
        _ => Printable::foreign(error).to_string(),
    }
}
