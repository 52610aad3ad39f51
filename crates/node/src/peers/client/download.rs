//! Downloading the body of a peer's answer, within limits of time.

use std::time::Instant;

use awc::error::PayloadError;
use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

use super::error::ClientError;
use super::limits::Limits;
use super::pace::Pace;

/// How many bytes are handed to the check together, as far as they are there: handing over costs more than the few
/// kilobytes that arrive at once are worth.
const LOAD: usize = 64 << 10;

/// Hands on an answer's body as it arrives, until it ends, or nobody takes it any more.
///
/// # Errors
///
/// [`ClientError::Silent`] and [`ClientError::Broken`].
pub(in crate::peers) async fn download(
    mut body: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    limits: Limits,
    mut pace: Pace,
    loads: Sender<Vec<Bytes>>,
) -> Result<(), ClientError> {
    loop {
        let asked = Instant::now();
        let Ok(piece) = timeout(limits.silence, body.next()).await else {
            return Err(ClientError::Silent(limits.silence));
        };
        let Some(piece) = piece.transpose().map_err(ClientError::Broken)? else { return Ok(()) };
        let waited = asked.elapsed();
        let Load { pieces, bytes, end } = gather(piece, &mut body);
        if pace.is_too_slow(waited, bytes) {
            return Err(ClientError::Silent(limits.silence));
        }
        if loads.send(pieces).await.is_err() {
            return Ok(()); // the check has found a fault
        }
        if let Some(end) = end {
            return end.map_err(ClientError::Broken);
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
