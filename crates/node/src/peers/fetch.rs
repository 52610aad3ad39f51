//! Fetching a peer's chain, within limits of time and size.

use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use awc::error::{PayloadError, SendRequestError};
use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt};
use ledger_core::{NodeAddress, Printable};
use tokio::sync::mpsc::{self, Sender};
use tokio::time::timeout;

use crate::ledger::{Candidate, Intake, IntakeError, Ledger};

/// How many loads may wait to be checked.
const QUEUE: usize = 8;

/// How many bytes are handed to the check together, as far as they are there: handing over costs more than the few
/// kilobytes that arrive at once are worth.
const LOAD: usize = 64 << 10;

/// The fewest bytes a peer must send in the time it may keep silent.
const LEAST: usize = 16 << 10;

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
    #[error("no answer: {}", Printable::foreign(.0))]
    Send(SendRequestError),
    /// An answer that is not 200.
    #[error("answered with status {0}")]
    Status(StatusCode),
    /// The connection broke.
    #[error("the connection broke: {}", Printable::foreign(.0))]
    Broken(PayloadError),
    /// Too little came in too long a time.
    #[error("sent less than {LEAST} bytes in {0:?}")]
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
    /// The check was lost, which is a fault of ours.
    #[error("the check of its chain failed")]
    Failed,
}

impl FetchError {
    /// What kind of failure it is, in a word or two.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Send(_) => "no answer",
            Self::Status(_) => "wrong status",
            Self::Broken(_) => "broken connection",
            Self::Silent(_) | Self::Deadline(_) => "too slow",
            Self::TooLong(_) | Self::Intake(_) => "refused",
            Self::Failed => "failed here",
        }
    }
}

/// Fetches and checks a peer's chain; none if it is valid but not longer than ours. The first fault ends the download.
///
/// The peer is asked for what may be new, from our last block on. If the chains part earlier it is asked
/// again from ever further back, at last for everything. A Python node ignores the question and sends
/// everything at once.
///
/// # Errors
///
/// [`FetchError`]; nothing is staged then.
pub(super) async fn fetch(
    ledger: Ledger,
    peer: NodeAddress,
    limits: Limits,
) -> Result<Option<Candidate>, FetchError> {
    let ours = ledger.tip().index;
    let started = Instant::now();
    let mut back = 0;
    loop {
        let from = ours.saturating_sub(back).max(1);
        let left = limits.deadline.saturating_sub(started.elapsed());
        match fetch_from(&ledger, &peer, from, Limits { deadline: left, ..limits }).await {
            Err(FetchError::Intake(IntakeError::Parted(_))) => back = (back * 16).max(16),
            Err(FetchError::Deadline(_)) => return Err(FetchError::Deadline(limits.deadline)),
            fetched => return fetched,
        }
    }
}

async fn fetch_from(
    ledger: &Ledger,
    peer: &NodeAddress,
    from: u64,
    limits: Limits,
) -> Result<Option<Candidate>, FetchError> {
    let (loads, mut queue) = mpsc::channel::<Vec<Bytes>>(QUEUE);
    let mut intake = Intake::new(ledger, from);
    let checking = tokio::task::spawn_blocking(move || {
        while let Some(load) = queue.blocking_recv() {
            load.iter().try_for_each(|piece| intake.feed(piece))?;
        }
        intake.finish()
    });
    let downloaded = timeout(limits.deadline, download(peer, from, limits, loads)).await;
    // A download that was cut short leaves a truncated chain, which the check refuses; what cut it short is the reason.
    let checked = checking.await.map_err(|_| FetchError::Failed)?;
    downloaded.unwrap_or(Err(FetchError::Deadline(limits.deadline)))?;
    Ok(checked?)
}

async fn download(
    peer: &NodeAddress,
    from: u64,
    limits: Limits,
    loads: Sender<Vec<Bytes>>,
) -> Result<(), FetchError> {
    let connector = awc::Connector::new().timeout(limits.silence);
    let client =
        awc::Client::builder().connector(connector).timeout(limits.silence).disable_redirects().finish();
    let answer = client.get(url(peer, from)).send().await.map_err(FetchError::Send)?;
    if answer.status() != StatusCode::OK {
        return Err(FetchError::Status(answer.status()));
    }
    // The client's own limit must not be reached before ours, which say what happened.
    let mut body = answer.timeout(limits.deadline.saturating_mul(2));
    let mut total = 0;
    let mut pace = Pace::default();
    loop {
        let asked = Instant::now();
        let Ok(piece) = timeout(limits.silence, body.next()).await else {
            return Err(FetchError::Silent(limits.silence));
        };
        let Some(piece) = piece.transpose().map_err(FetchError::Broken)? else { return Ok(()) };
        let waited = asked.elapsed();
        let Load { pieces, bytes, end } = gather(piece, &mut body);
        total += bytes as u64;
        if total > limits.bytes {
            return Err(FetchError::TooLong(limits.bytes));
        }
        if pace.is_too_slow(waited, bytes, limits.silence) {
            return Err(FetchError::Silent(limits.silence));
        }
        if loads.send(pieces).await.is_err() {
            return Ok(()); // the check has found a fault
        }
        if let Some(end) = end {
            return end.map_err(FetchError::Broken);
        }
    }
}

/// Pieces that are handed to the check together.
struct Load {
    pieces: Vec<Bytes>,
    bytes: usize,
    /// How the answer ended, if it has: it must not be asked again then.
    end: Option<Result<(), PayloadError>>,
}

/// Adds to a piece what is there already, without waiting for more.
fn gather(piece: Bytes, body: &mut (impl Stream<Item = Result<Bytes, PayloadError>> + Unpin)) -> Load {
    let mut load = Load { bytes: piece.len(), pieces: vec![piece], end: None };
    while load.bytes < LOAD && load.end.is_none() {
        match body.next().now_or_never() {
            None => break,
            Some(Some(Ok(piece))) => {
                load.bytes += piece.len();
                load.pieces.push(piece);
            }
            Some(Some(Err(error))) => load.end = Some(Err(error)),
            Some(None) => load.end = Some(Ok(())),
        }
    }
    load
}

/// How fast a peer sends. Only the time in which we waited for it counts, not that in which it waited for us.
#[derive(Default)]
struct Pace {
    waited: Duration,
    bytes: usize,
}

impl Pace {
    fn is_too_slow(&mut self, waited: Duration, bytes: usize, silence: Duration) -> bool {
        self.waited += waited;
        self.bytes += bytes;
        if self.waited <= silence {
            return false;
        }
        std::mem::take(self).bytes < LEAST
    }
}

fn url(peer: &NodeAddress, from: u64) -> String {
    if from > 1 { format!("http://{peer}/chain?from={from}") } else { format!("http://{peer}/chain") }
}
