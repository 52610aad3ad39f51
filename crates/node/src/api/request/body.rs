//! Reads a request's body within limits.

use std::pin::pin;
use std::time::Duration;

use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt, StreamExt};
use tokio::time::timeout;

use crate::api::ApiError;
use crate::text::to_utf8;

/// Maximum bytes of a body: far more than a payment or a list of nodes needs.
const LIMIT: usize = 256 << 10;

/// Bytes of a longer body that are read and discarded, so that its sender gets to read the refusal.
const MAX_DISCARDED: usize = 128 << 20;

/// Time for receiving a body.
const TIME: Duration = Duration::from_secs(30);

/// Reads a body in any encoding in which Flask reads JSON, whatever its content type. The result is UTF-8 if the
/// body is well-formed.
///
/// # Errors
///
/// [`ApiError::TooLong`]; [`ApiError::Broken`] if the body breaks off or takes too long; [`ApiError::Bad`] if it
/// does not match the encoding of its first bytes.
pub(in crate::api) async fn read(payload: Payload) -> Result<Bytes, ApiError> {
    let mut collecting = pin!(collect(payload));
    // Most bodies have arrived already, and need no timer.
    let body = match collecting.as_mut().now_or_never() {
        Some(body) => body?,
        None => timeout(TIME, collecting).await.unwrap_or(Err(ApiError::Broken))?,
    };
    to_utf8(body).map_err(|error| ApiError::Bad(format!("the body is not text: {error}; send JSON in UTF-8")))
}

async fn collect(mut payload: Payload) -> Result<Bytes, ApiError> {
    let (mut body, mut length) = (BytesMut::new(), 0_usize);
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| ApiError::Broken)?;
        length += piece.len();
        if length <= LIMIT && body.is_empty() {
            // Most bodies are one piece, which is not copied.
            body = piece.into();
        } else if length <= LIMIT {
            body.extend_from_slice(&piece);
        } else if length > MAX_DISCARDED {
            break;
        }
    }
    if length > LIMIT { Err(ApiError::TooLong(LIMIT)) } else { Ok(body.freeze()) }
}
