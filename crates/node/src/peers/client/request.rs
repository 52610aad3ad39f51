//! Requests a page of a peer over HTTP/1.1, and checks the response's head.

use std::time::Duration;

use awc::http::StatusCode;
use awc::http::header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderMap, LOCATION, USER_AGENT};
use awc::{ClientResponse, Connector};
use bytes::Bytes;
use ledger_core::NodeAddress;

use super::coding::{ACCEPTED, Coding};
use super::connect::Connect;
use super::error::ClientError;
use super::limits::Limits;

/// The `User-Agent`.
const NAME: &str = concat!("ledger-node/", env!("CARGO_PKG_VERSION"));

/// A response with status 200 whose body is not read yet. Its connection is not reused.
#[derive(Debug)]
pub(in crate::peers) struct Answer {
    pub(in crate::peers) body: ClientResponse,
    /// The body's content coding.
    pub(in crate::peers) coding: Coding,
}

/// Requests chains and other pages of peers, each over a new connection.
#[derive(Clone)]
pub(in crate::peers) struct Client {
    http: awc::Client,
    /// Limits on a peer's time and bytes.
    pub(in crate::peers) limits: Limits,
}

impl Client {
    /// Creates a client for the current thread.
    pub(in crate::peers) fn new(limits: Limits) -> Self {
        // We limit time and number of connections, not awc.
        let connector = Connector::new().connector(Connect(limits)).timeout(Duration::MAX).limit(0);
        let http = awc::Client::builder().connector(connector).disable_timeout().disable_redirects();
        Self { http: http.no_default_headers().finish(), limits }
    }

    /// Requests a peer's blocks from index `from` on.
    ///
    /// # Errors
    ///
    /// [`ClientError`] without a response of status 200.
    pub(in crate::peers) async fn ask(&self, peer: &NodeAddress, from: u64) -> Result<Answer, ClientError> {
        let answer = self.get(peer, url(peer, from), ACCEPTED).await?;
        check_status(answer.status(), answer.headers())?;
        let coding = Coding::of(answer.headers())?;
        Ok(Answer { body: answer, coding })
    }

    /// Reads a short answer, of at most `most` bytes.
    ///
    /// # Errors
    ///
    /// [`ClientError`] without a complete response of status 200.
    pub(in crate::peers) async fn read(
        &self,
        peer: &NodeAddress,
        path: &str,
        most: usize,
    ) -> Result<Bytes, ClientError> {
        let mut answer = self.get(peer, format!("http://{peer}{path}"), "identity").await?;
        check_status(answer.status(), answer.headers())?;
        answer.body().limit(most).await.map_err(ClientError::Broken)
    }

    /// Requests a page of a peer, in one of these content codings.
    ///
    /// # Errors
    ///
    /// [`ClientError`] without a response.
    async fn get(
        &self,
        peer: &NodeAddress,
        url: String,
        codings: &'static str,
    ) -> Result<ClientResponse, ClientError> {
        let request = self
            .http
            .get(url)
            .insert_header((HOST, peer.as_str()))
            .insert_header((ACCEPT, "*/*"))
            .insert_header((ACCEPT_ENCODING, codings))
            .insert_header((USER_AGENT, NAME))
            .no_decompress()
            .force_close();
        request.send().await.map_err(ClientError::of)
    }
}

fn url(peer: &NodeAddress, from: u64) -> String {
    if from > 1 { format!("http://{peer}/chain?from={from}") } else { format!("http://{peer}/chain") }
}

/// Refuses a response other than 200. Redirects are not followed: they could lead anywhere, even to an address that
/// cannot be a peer's.
fn check_status(status: StatusCode, headers: &HeaderMap) -> Result<(), ClientError> {
    if status == StatusCode::OK {
        return Ok(());
    }
    Err(match location(headers) {
        Some(location) if status.is_redirection() => ClientError::Redirect(status, location),
        _ => ClientError::Status(status),
    })
}

fn location(headers: &HeaderMap) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(LOCATION)?.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use awc::http::header::HeaderValue;

    use super::*;

    #[test]
    fn whole_chain_is_requested_without_a_height() {
        let peer = "node:5000".parse().unwrap();
        assert_eq!(url(&peer, 1), "http://node:5000/chain");
        assert_eq!(url(&peer, 2), "http://node:5000/chain?from=2");
    }

    #[test]
    fn only_a_redirect_leads_elsewhere() {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static("/new"));
        let refused = |status| check_status(status, &headers).unwrap_err();
        assert!(matches!(refused(StatusCode::FOUND), ClientError::Redirect(_, to) if to == "/new"));
        assert!(matches!(refused(StatusCode::NOT_FOUND), ClientError::Status(_)));
    }
}
