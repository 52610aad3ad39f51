//! Why a peer's chain was not got.

use std::error::Error;
use std::io;
use std::time::Duration;

use hyper::StatusCode;
use ledger_core::Printable;

use super::coding::ACCEPTED;
use super::destination::NoPlace;
use super::pace::LEAST;
use crate::ledger::{IntakeError, Refused};

/// Why a peer's chain was not got.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No connection.
    #[error("no answer: {}", no_connection(.0))]
    Connect(io::Error),
    /// A connection, but no answer in HTTP.
    #[error("no answer: {}", no_http(.0))]
    Http(hyper::Error),
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
    #[error("the connection broke: {}", innermost(.0))]
    Broken(hyper::Error),
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
    /// What kind of failure it is, in a few words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Http(error) if error.is_parse() => "not a ledger node",
            Self::Connect(_) | Self::Http(_) | Self::NoHead(_) => "no answer",
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

/// Why a connection gave no answer in HTTP.
fn no_http(error: &hyper::Error) -> String {
    if error.is_parse() {
        return format!(
            "what answers does not speak HTTP, as a node does (and not HTTPS): {}",
            innermost(error)
        );
    }
    if error.is_incomplete_message() {
        return "it hung up without one".to_owned();
    }
    innermost(error)
}

/// The failure at the bottom, without those that it caused.
fn innermost(error: &hyper::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    Printable::foreign(innermost).to_string()
}
