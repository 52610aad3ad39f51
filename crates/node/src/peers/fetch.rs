//! Fetching a peer's chain, within limits of time and size.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use actix_web::http::StatusCode;
use awc::error::PayloadError;
use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt};
use ledger_core::NodeAddress;
use tokio::sync::mpsc::{self, Sender};
use tokio::time::timeout;

use super::destination::{check, connector, literal};
use super::pace::Pace;
use super::{FetchError, Limits};
use crate::ledger::{Candidate, Intake, IntakeError, Ledger};

/// How many loads may wait to be checked.
const QUEUE: usize = 8;

/// How many bytes are handed to the check together, as far as they are there: handing over costs more than the few
/// kilobytes that arrive at once are worth.
const LOAD: usize = 64 << 10;

/// Fetches and checks a peer's chain; none if it is valid but not longer than ours. The first fault ends the download.
///
/// The deadline counts from `started`. The peer is asked for what may be new, from our last block on. If the chains part earlier it is asked
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
    started: Instant,
) -> Result<Option<Candidate>, FetchError> {
    literal(&peer).map_or(Ok(()), check)?;
    let ours = ledger.tip().index;
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
    let outside = Arc::<AtomicU64>::default();
    let pace = Pace::new(limits.silence, Arc::clone(&outside));
    let checking = tokio::task::spawn_blocking(move || {
        while let Some(load) = queue.blocking_recv() {
            load.iter().try_for_each(|piece| intake.feed(piece))?;
            outside.store(intake.outside_blocks(), Ordering::Relaxed);
        }
        intake.finish()
    });
    let downloaded = timeout(limits.deadline, download(peer, from, limits, pace, loads)).await;
    // A download that was cut short leaves a truncated chain, which the check refuses; what cut it short is the reason.
    let checked = checking.await.map_err(|_| FetchError::Failed)?;
    downloaded.unwrap_or(Err(FetchError::Deadline(limits.deadline)))?;
    Ok(checked?)
}

async fn download(
    peer: &NodeAddress,
    from: u64,
    limits: Limits,
    mut pace: Pace,
    loads: Sender<Vec<Bytes>>,
) -> Result<(), FetchError> {
    let connector = awc::Connector::new().connector(connector()).timeout(limits.silence);
    // The client counts the time to connect, too.
    let head = limits.silence.saturating_add(limits.first_byte);
    let client = awc::Client::builder().connector(connector).timeout(head).disable_redirects().finish();
    let answer = client.get(url(peer, from)).send().await.map_err(FetchError::Send)?;
    if answer.status() != StatusCode::OK {
        return Err(FetchError::Status(answer.status()));
    }
    // The client's own limit must not be reached before ours, which say what happened.
    let mut body = answer.timeout(limits.deadline.saturating_mul(2));
    let mut total = 0;
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
        if pace.is_too_slow(waited, bytes) {
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

fn url(peer: &NodeAddress, from: u64) -> String {
    if from > 1 { format!("http://{peer}/chain?from={from}") } else { format!("http://{peer}/chain") }
}
