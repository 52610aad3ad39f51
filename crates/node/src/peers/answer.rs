//! Asking a peer for its chain over HTTP/1.1, and the head of its answer.

use std::time::Duration;

use actix_web::rt::net::TcpStream;
use actix_web::rt::task::JoinHandle;
use bytes::Bytes;
use http_body_util::{BodyDataStream, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, HOST, HeaderMap, LOCATION, USER_AGENT};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use ledger_core::NodeAddress;
use tokio::time::timeout;

use super::coding::{ACCEPTED, Coding};
use super::connect::connect;
use super::{FetchError, Limits};

/// The most bytes of an answer that are read together, and of its head.
const BUFFER: usize = 64 << 10;

/// What the node calls itself.
const NAME: &str = concat!("ledger-node/", env!("CARGO_PKG_VERSION"));

/// An answer of status 200 whose body is still to be read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: BodyDataStream<Incoming>,
    /// How the body is packed.
    pub(super) coding: Coding,
    /// The connection, which ends with this.
    _connection: Connection,
}

/// The task that reads from a connection.
#[derive(Debug)]
struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Asks a peer for its blocks from index `from` on.
///
/// # Errors
///
/// [`FetchError`] if there is no answer, or one that is not status 200.
pub(super) async fn ask(peer: &NodeAddress, from: u64, limits: Limits) -> Result<Answer, FetchError> {
    let stream = connect(peer, limits.silence).await?;
    within(limits.first_byte, exchange(stream, peer, from)).await
}

async fn within(
    time: Duration,
    answer: impl Future<Output = Result<Answer, FetchError>>,
) -> Result<Answer, FetchError> {
    timeout(time, answer).await.unwrap_or(Err(FetchError::NoHead(time)))
}

async fn exchange(stream: TcpStream, peer: &NodeAddress, from: u64) -> Result<Answer, FetchError> {
    let (mut sender, connection): (SendRequest<Empty<Bytes>>, _) = Builder::new()
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .max_buf_size(BUFFER)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(FetchError::Http)?;
    // What ends the connection ends the answer, too, which tells why.
    let connection = Connection(actix_web::rt::spawn(async move { drop(connection.await) }));
    let answer = sender.send_request(request(peer, from)).await.map_err(FetchError::Http)?;
    check_status(&answer)?;
    let coding = Coding::of(answer.headers())?;
    Ok(Answer { body: BodyDataStream::new(answer.into_body()), coding, _connection: connection })
}

fn request(peer: &NodeAddress, from: u64) -> Request<Empty<Bytes>> {
    let target = if from > 1 { format!("/chain?from={from}") } else { "/chain".to_owned() };
    let request = Request::get(target)
        .header(HOST, peer.as_str())
        .header(ACCEPT, "*/*")
        .header(ACCEPT_ENCODING, ACCEPTED)
        .header(CONNECTION, "close")
        .header(USER_AGENT, NAME);
    request.body(Empty::new()).expect("an address and a number make a well-formed request")
}

/// Refuses an answer that is not status 200. A redirect is one: it could lead anywhere, also to where no neighbour is.
fn check_status<B>(answer: &Response<B>) -> Result<(), FetchError> {
    let status = answer.status();
    if status == StatusCode::OK {
        return Ok(());
    }
    Err(match location(answer.headers()) {
        Some(location) if status.is_redirection() => FetchError::Redirect(status, location),
        _ => FetchError::Status(status),
    })
}

fn location(headers: &HeaderMap) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(LOCATION)?.as_bytes()).into_owned())
}
