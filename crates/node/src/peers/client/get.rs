//! Asking a peer for its chain over HTTP/1.1, and the head of its answer.

use std::time::Duration;

use awc::http::StatusCode;
use awc::http::header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderMap, LOCATION, USER_AGENT};
use awc::{Client, ClientResponse, Connector};
use ledger_core::NodeAddress;
use tokio::time::timeout;

use super::coding::{ACCEPTED, Coding};
use super::connect::connect;
use super::error::ClientError;
use super::limits::Limits;
use super::stream::{AnswerStream, Opened};

/// What the node calls itself.
const NAME: &str = concat!("ledger-node/", env!("CARGO_PKG_VERSION"));

/// An answer of status 200 whose body is still to be read. The connection ends with it.
#[derive(Debug)]
pub(in crate::peers) struct Answer {
    pub(in crate::peers) body: ClientResponse,
    /// How the body is packed.
    pub(in crate::peers) coding: Coding,
}

/// Asks a peer for its blocks from index `from` on.
///
/// # Errors
///
/// [`ClientError`] if there is no answer, or one that is not status 200.
pub(in crate::peers) async fn ask(
    peer: &NodeAddress,
    from: u64,
    limits: Limits,
) -> Result<Answer, ClientError> {
    let stream = AnswerStream::new(connect(peer, limits.silence).await?);
    within(limits.first_byte, exchange(stream, peer, from)).await
}

async fn within(
    time: Duration,
    answer: impl Future<Output = Result<Answer, ClientError>>,
) -> Result<Answer, ClientError> {
    timeout(time, answer).await.unwrap_or(Err(ClientError::NoHead(time)))
}

async fn exchange(stream: AnswerStream, peer: &NodeAddress, from: u64) -> Result<Answer, ClientError> {
    let connector = Connector::new().connector(Opened::new(stream));
    // The limits of time are the callers'.
    let client = Client::builder().connector(connector).disable_timeout().disable_redirects();
    let request = client
        .no_default_headers()
        .finish()
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
