//! Fetching a peer's chain, within limits of time and size.

use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use awc::error::{PayloadError, SendRequestError};
use bytes::Bytes;
use futures_util::StreamExt;
use ledger_core::NodeAddress;
use tokio::sync::mpsc::{self, Sender};
use tokio::time::timeout;

use super::check::{self, Candidate, PeerFault};
use crate::ledger::Ledger;

/// How many pieces may wait to be checked.
const QUEUE: usize = 32;

/// The fewest bytes a peer must send in the time it may keep silent.
const LEAST: u64 = 16 << 10;

/// How much of a peer's time and bytes are taken.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long connecting may take, and how long the peer may keep silent or only trickle.
    pub silence: Duration,
    /// How long the whole chain may take.
    pub deadline: Duration,
    /// The most bytes it may have.
    pub bytes: u64,
}

/// Why a peer's chain was not got.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No connection or no answer.
    #[error("it does not answer: {0}")]
    Send(SendRequestError),
    /// An answer that is not 200.
    #[error("it answers with status {0}")]
    Status(StatusCode),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(PayloadError),
    /// Too little came in too long a time.
    #[error("it sent less than {LEAST} bytes in {0:?}")]
    Silent(Duration),
    /// The whole took too long.
    #[error("it did not finish within {0:?}")]
    Deadline(Duration),
    /// The whole is too long.
    #[error("it sent more than {0} bytes")]
    TooLong(u64),
    /// What came is not a chain we could take.
    #[error(transparent)]
    Fault(#[from] PeerFault),
    /// The check was lost, which is a fault of ours.
    #[error("the check of its chain failed")]
    Failed,
}

/// Fetches and checks a peer's chain; none if it is valid but not longer than ours. The first fault ends the download.
///
/// # Errors
///
/// [`FetchError`]; nothing is staged then.
pub(super) async fn fetch(
    ledger: Ledger,
    peer: NodeAddress,
    limits: Limits,
) -> Result<Option<Candidate>, FetchError> {
    let (pieces, queue) = mpsc::channel(QUEUE);
    let checking = tokio::task::spawn_blocking(move || check::check(&ledger, queue));
    let downloaded = timeout(limits.deadline, download(&peer, limits, pieces)).await;
    // A download that was cut short leaves a truncated chain, which the check refuses; what cut it short is the reason.
    let checked = checking.await.map_err(|_| FetchError::Failed)?;
    downloaded.unwrap_or(Err(FetchError::Deadline(limits.deadline)))?;
    Ok(checked?)
}

async fn download(peer: &NodeAddress, limits: Limits, pieces: Sender<Bytes>) -> Result<(), FetchError> {
    let connector = awc::Connector::new().timeout(limits.silence);
    let client =
        awc::Client::builder().connector(connector).timeout(limits.silence).disable_redirects().finish();
    let answer = client.get(format!("http://{peer}/chain")).send().await.map_err(FetchError::Send)?;
    if answer.status() != StatusCode::OK {
        return Err(FetchError::Status(answer.status()));
    }
    let mut body = answer.timeout(limits.deadline);
    let (mut total, mut recent, mut since) = (0, 0, Instant::now());
    while let Some(piece) =
        timeout(limits.silence, body.next()).await.map_err(|_| FetchError::Silent(limits.silence))?
    {
        let piece = piece.map_err(FetchError::Broken)?;
        total += piece.len() as u64;
        recent += piece.len() as u64;
        if total > limits.bytes {
            return Err(FetchError::TooLong(limits.bytes));
        }
        if pieces.send(piece).await.is_err() {
            return Ok(()); // the check has found a fault
        }
        if since.elapsed() > limits.silence {
            if recent < LEAST {
                return Err(FetchError::Silent(limits.silence));
            }
            (recent, since) = (0, Instant::now());
        }
    }
    Ok(())
}
