//! Why a peer did not send its chain.

use std::io;
use std::time::Duration;

use actix_http::error::ParseError;
use awc::error::{ConnectError, PayloadError, SendRequestError};
use awc::http::StatusCode;
use ledger_core::Printable;

use super::coding::CodingError;
use super::head::HeadError;
use super::pace::MIN_BYTES;
use crate::peers::registry::{BadDestination, LookUpError};
use crate::system::threads::Panicked;

/// Why a peer did not send its chain.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The connection failed before there was a response.
    #[error("no answer: {}", no_connection(.0))]
    Connect(io::Error),
    /// Its address cannot be a peer's.
    #[error(transparent)]
    BadDestination(#[from] BadDestination),
    /// The response is not HTTP.
    #[error("no answer: {0}")]
    Http(HeadError),
    /// A redirect.
    #[error("answered {}, a redirect to {}: redirects are not followed; register the address that answers itself", status(*.0), Printable::foreign(.1))]
    Redirect(StatusCode, String),
    /// Another status than 200.
    #[error("answered {}: {}", status(*.0), meaning(*.0))]
    Status(StatusCode),
    /// The body cannot be decoded.
    #[error(transparent)]
    Coding(#[from] CodingError),
    /// The connection failed during the response.
    #[error("the connection broke: {}", broken(.0))]
    Broken(PayloadError),
    /// Too few bytes in too long a time.
    #[error("sent less than {MIN_BYTES} bytes of blocks in {0:?}")]
    Silent(Duration),
    /// The name look-up panicked: a bug of ours.
    #[error(transparent)]
    Failed(Panicked),
}

impl From<LookUpError> for ClientError {
    fn from(error: LookUpError) -> Self {
        match error {
            LookUpError::Unknown(error) => Self::Connect(error),
            LookUpError::BadDestination(error) => Self::BadDestination(error),
            LookUpError::Failed(error) => Self::Failed(error),
        }
    }
}

impl ClientError {
    /// Translates awc's error.
    pub(super) fn of(error: SendRequestError) -> Self {
        match error {
            SendRequestError::Connect(ConnectError::Resolver(error)) => match error.downcast() {
                Ok(error) => *error,
                Err(error) => Self::Http(HeadError::Unreadable(error.to_string())),
            },
            SendRequestError::Send(error) | SendRequestError::Response(ParseError::Io(error)) => {
                error.downcast().map_or_else(Self::Connect, Self::Http)
            }
            error => Self::Http(HeadError::Unreadable(error.to_string())),
        }
    }

    /// The kind of failure, in a few words.
    pub(in crate::peers) fn kind(&self) -> &'static str {
        match self {
            Self::Connect(_) | Self::Http(HeadError::HungUp | HeadError::Late(_)) => "no answer",
            Self::Http(_) => "not a ledger node",
            Self::Status(status) if is_temporary(*status) => "busy",
            Self::Redirect(..) | Self::Status(_) => "not a ledger node",
            Self::Broken(_) => "broken connection",
            Self::Silent(_) => "too slow",
            Self::Failed(_) => "failed here",
            Self::BadDestination(_) => "no place for a node",
            Self::Coding(_) => "unreadable answer",
        }
    }
}

/// A status with its usual name, such as `404 Not Found`.
fn status(status: StatusCode) -> String {
    status
        .canonical_reason()
        .map_or_else(|| status.as_str().to_owned(), |reason| format!("{} {reason}", status.as_str()))
}

/// Whether the same request may succeed a second later.
pub(super) fn is_temporary(status: StatusCode) -> bool {
    matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
}

/// What a status says about a peer.
fn meaning(status: StatusCode) -> &'static str {
    match status {
        _ if is_temporary(status) => "it is busy; resolve again later",
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            "a proxy answers there, and the node behind it does not"
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            "the server there refuses reads; a ledger node lets everybody read its chain"
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

/// How a connection failed.
fn broken(error: &PayloadError) -> String {
    match error {
        PayloadError::Io(error) | PayloadError::Incomplete(Some(error)) => {
            Printable::foreign(error).to_string()
        }
        _ => Printable::foreign(error).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_peer_and_non_peer_are_different_kinds() {
        for (status, kind) in
            [(503, "busy"), (429, "busy"), (404, "not a ledger node"), (500, "not a ledger node")]
        {
            assert_eq!(ClientError::Status(StatusCode::from_u16(status).unwrap()).kind(), kind, "{status}");
        }
    }

    #[test]
    fn broken_connection_shows_its_cause() {
        let reset = || io::Error::other("reset by peer");
        assert_eq!(broken(&PayloadError::Io(reset())), "reset by peer");
        assert_eq!(broken(&PayloadError::Incomplete(Some(reset()))), "reset by peer");
    }

    #[test]
    fn status_is_told_with_its_meaning() {
        for (code, name, meaning) in [
            (503, "503 Service Unavailable", "it is busy"),
            (502, "502 Bad Gateway", "a proxy answers there"),
            (403, "403 Forbidden", "refuses reads"),
            (500, "500 Internal Server Error", "its log may say why"),
            (404, "404 Not Found", "is one there?"),
            (599, "599", "its log may say why"),
        ] {
            let told = ClientError::Status(StatusCode::from_u16(code).unwrap()).to_string();
            assert!(told.contains(name) && told.contains(meaning), "{told}");
        }
    }

    #[test]
    fn refused_connection_is_named() {
        let says = |kind| ClientError::Connect(io::Error::new(kind, "the system's words")).to_string();
        assert_eq!(
            says(io::ErrorKind::ConnectionRefused),
            "no answer: nothing listens there (connection refused)"
        );
        assert_eq!(says(io::ErrorKind::HostUnreachable), "no answer: the system's words");
    }
}
