//! Asking a peer for its chain over HTTP/1.1, and the head of its answer.

use std::time::Duration;

use awc::http::StatusCode;
use awc::http::header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderMap, LOCATION, USER_AGENT};
use awc::{ClientResponse, Connector};
use ledger_core::NodeAddress;

use super::coding::{ACCEPTED, Coding};
use super::connect::Connect;
use super::error::ClientError;
use super::limits::Limits;

/// What the node calls itself.
const NAME: &str = concat!("ledger-node/", env!("CARGO_PKG_VERSION"));

/// An answer of status 200 whose body is still to be read. The connection ends with it.
#[derive(Debug)]
pub(in crate::peers) struct Answer {
    pub(in crate::peers) body: ClientResponse,
    /// How the body is packed.
    pub(in crate::peers) coding: Coding,
}

/// Asks peers for their chains, each time over a connection of its own.
#[derive(Clone)]
pub(in crate::peers) struct Client {
    http: awc::Client,
    /// How much of a peer's time and bytes are taken.
    pub(in crate::peers) limits: Limits,
}

impl Client {
    /// A client that takes so much of a peer's time and bytes. It belongs to the thread on which it is made.
    pub(in crate::peers) fn new(limits: Limits) -> Self {
        // The limits of time and number are ours.
        let connector = Connector::new().connector(Connect(limits)).timeout(Duration::MAX).limit(0);
        let http = awc::Client::builder().connector(connector).disable_timeout().disable_redirects();
        Self { http: http.no_default_headers().finish(), limits }
    }

    /// Asks a peer for its blocks from index `from` on.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if there is no answer, or one that is not status 200.
    pub(in crate::peers) async fn ask(&self, peer: &NodeAddress, from: u64) -> Result<Answer, ClientError> {
        let request = self
            .http
            .get(url(peer, from))
            .insert_header((HOST, peer.as_str()))
            .insert_header((ACCEPT, "*/*"))
            .insert_header((ACCEPT_ENCODING, ACCEPTED))
            .insert_header((USER_AGENT, NAME))
            .no_decompress()
            .force_close();
        let answer = request.send().await.map_err(ClientError::of)?;
        check_status(&answer)?;
        let coding = Coding::of(answer.headers())?;
        Ok(Answer { body: answer, coding })
    }
}

fn url(peer: &NodeAddress, from: u64) -> String {
    if from > 1 { format!("http://{peer}/chain?from={from}") } else { format!("http://{peer}/chain") }
}

/// Refuses an answer that is not status 200. A redirect is one: it could lead anywhere, also to where no neighbour is.
fn check_status(answer: &ClientResponse) -> Result<(), ClientError> {
    let status = answer.status();
    if status == StatusCode::OK {
        return Ok(());
    }
    Err(match location(answer.headers()) {
        Some(location) if status.is_redirection() => ClientError::Redirect(status, location),
        _ => ClientError::Status(status),
    })
}

fn location(headers: &HeaderMap) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(LOCATION)?.as_bytes()).into_owned())
}
