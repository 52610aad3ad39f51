//! Downloads the body of a peer's response within time limits.

use std::time::Instant;

use awc::error::PayloadError;
use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

use super::error::ClientError;
use super::limits::Limits;
use super::pace::Pace;

/// Bytes passed to the check at a time, if they have arrived: passing each piece of a few kilobytes would cost more
/// than checking it.
const LOAD_BYTES: usize = 64 << 10;

/// Passes on a response's body as it arrives, until it ends or the receiver is gone.
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
        let started = Instant::now();
        let Ok(piece) = timeout(limits.silence, body.next()).await else {
            return Err(ClientError::Silent(limits.silence));
        };
        let Some(piece) = piece.transpose().map_err(ClientError::Broken)? else { return Ok(()) };
        let waited = started.elapsed();
        let Load { pieces, bytes, end } = gather(piece, &mut body);
        if pace.is_too_slow(waited, bytes) {
            return Err(ClientError::Silent(limits.silence));
        }
        if loads.send(pieces).await.is_err() {
            return Ok(()); // The check has found an error.
        }
        if let Some(end) = end {
            return end.map_err(ClientError::Broken);
        }
    }
}

/// Pieces passed to the check together.
struct Load {
    pieces: Vec<Bytes>,
    bytes: usize,
    /// Set when the body has ended: it must not be polled again.
    end: Option<Result<(), PayloadError>>,
}

/// Adds to a piece what has arrived already, without waiting.
fn gather(piece: Bytes, body: &mut (impl Stream<Item = Result<Bytes, PayloadError>> + Unpin)) -> Load {
    let mut load = Load { bytes: piece.len(), pieces: vec![piece], end: None };
    while load.bytes < LOAD_BYTES && load.end.is_none() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_pieces_are_joined_up_to_a_load() {
        let piece = || Bytes::from(vec![b'x'; LOAD_BYTES / 4]);
        let mut body = futures_util::stream::iter(std::iter::repeat_with(|| Ok(piece())));
        let load = gather(piece(), &mut body);
        assert_eq!((load.pieces.len(), load.bytes), (4, LOAD_BYTES));
        assert!(load.end.is_none());
    }

    #[test]
    fn end_is_kept_with_the_pieces_before_it() {
        let mut body = futures_util::stream::iter([Ok(Bytes::from_static(b"b"))]);
        let load = gather(Bytes::from_static(b"a"), &mut body);
        assert_eq!(load.pieces, ["a", "b"]);
        assert!(matches!(load.end, Some(Ok(()))));
    }
}
