//! Reading a request's body, within limits.

use std::time::Duration;

use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::ApiError;

/// The most bytes a body may have: far more than a payment or a list of nodes needs.
const LIMIT: usize = 256 << 10;

/// How much of a body that is too long is read and thrown away, so that its sender gets to read the refusal.
const PATIENCE: usize = 128 << 20;

/// How long a body may take.
const TIME: Duration = Duration::from_secs(30);

/// Reads a body, whatever its content type says.
///
/// # Errors
///
/// [`ApiError::TooLong`], or [`ApiError::Broken`] if it breaks off or takes too long.
pub(super) async fn read(payload: Payload) -> Result<Bytes, ApiError> {
    timeout(TIME, collect(payload)).await.unwrap_or(Err(ApiError::Broken))
}

async fn collect(mut payload: Payload) -> Result<Bytes, ApiError> {
    let (mut body, mut length) = (BytesMut::new(), 0_usize);
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| ApiError::Broken)?;
        length += piece.len();
        if length <= LIMIT && body.is_empty() {
            // Most bodies are one piece, which then is not copied.
            body = piece.into();
        } else if length <= LIMIT {
            body.extend_from_slice(&piece);
        } else if length > PATIENCE {
            break;
        }
    }
    if length > LIMIT { Err(ApiError::TooLong(LIMIT)) } else { Ok(body.freeze()) }
}
