//! What happens around every request: records its start and end, and sends the answer in slices, so that little is
//! queued.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{HeaderValue, UPGRADE};
use actix_web::http::{ConnectionType, Version};
use bytes::Bytes;
use futures_util::Stream;

use super::limits::{Busy, Gate, Permit, Usage, busy};
use super::log::LoggedRequest;

/// Bytes of an answer given to the connection at a time. The connection copies them.
const SLICE: usize = 64 << 10;

/// The same for an answer that is read page by page: more than a usual page, which is not split. Few such answers run at once.
const PAGE: usize = 512 << 10;

/// Unit in which queued bytes are counted.
const UNIT: usize = 1 << 10;

/// Records the start of a request.
pub(super) fn begin(request: &mut ServiceRequest) -> Option<ActiveRequest> {
    let usage = Arc::clone(request.conn_data::<Arc<Usage>>()?);
    let payload = request.parts_mut().1;
    let has_body = !matches!(payload, Payload::None);
    usage.begin(has_body);
    if has_body {
        let recorded =
            RequestBody { payload: std::mem::replace(payload, Payload::None), usage: Arc::clone(&usage) };
        *payload = Payload::Stream { payload: Box::pin(recorded) };
    }
    Some(ActiveRequest(usage))
}

/// Reserves memory for an answer, or replaces it with a 503 if there is none.
pub(super) async fn finish(
    outstanding: &Gate,
    active: Option<ActiveRequest>,
    logged: Option<LoggedRequest>,
    mut response: ServiceResponse<BoxBody>,
) -> ServiceResponse<AnswerBody> {
    let mut permit = response.response_mut().extensions_mut().remove::<Permit>();
    if let (None, BodySize::Sized(bytes), Some(ActiveRequest(usage))) =
        (&permit, response.response().body().size(), &active)
        && bytes > SLICE as u64
    {
        let units = u32::try_from(bytes / UNIT as u64).unwrap_or(u32::MAX);
        match outstanding.enter_as(units, Some(usage)).await {
            Ok(entered) => permit = Some(entered),
            Err(Busy) => response = response.into_response(busy()),
        }
    }
    if let Some(logged) = logged {
        response = logged.answer(response);
    }
    if let Some(ActiveRequest(usage)) = &active {
        usage.answer();
    }
    let ends_with_connection = end_with_connection(&mut response);
    response.map_body(|_, body| AnswerBody {
        body,
        rest: Bytes::new(),
        ends_with_connection,
        _permit: permit,
        active,
    })
}

/// Ends the connection after an answer that has neither a length nor chunks (RFC 9112, section 6.3). HTTP/1.0 clients know
/// no chunks, and actix sends none to a client that asks for a WebSocket. Returns whether the answer is one of these.
fn end_with_connection(response: &mut ServiceResponse<BoxBody>) -> bool {
    let request = response.request();
    let is_socket = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"websocket");
    let has_no_chunks =
        request.version() < Version::HTTP_11 || request.headers().get_all(UPGRADE).any(is_socket);
    let ends = has_no_chunks && response.response().body().size() == BodySize::Stream;
    if ends {
        let head = response.response_mut().head_mut();
        head.no_chunking(true);
        head.set_connection_type(ConnectionType::Close);
    }
    ends
}

/// A request that is being answered.
pub(super) struct ActiveRequest(Arc<Usage>);

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// A request's body on its way to the handler.
struct RequestBody {
    payload: Payload,
    usage: Arc<Usage>,
}

impl Stream for RequestBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = Pin::new(&mut self.payload).poll_next(context);
        match &piece {
            Poll::Pending | Poll::Ready(Some(Ok(_))) => self.usage.body_taken(),
            Poll::Ready(_) => self.usage.body_done(),
        }
        piece
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        self.usage.body_done();
    }
}

/// An answer on its way to the client. Dropping it releases its memory, whether it was sent or broken off.
pub(super) struct AnswerBody {
    body: BoxBody,
    /// The unsent rest of the current piece.
    rest: Bytes,
    ends_with_connection: bool,
    _permit: Option<Permit>,
    active: Option<ActiveRequest>,
}

impl AnswerBody {
    /// Resets the connection if the client would take the incomplete answer for a complete one.
    fn break_off(&self) {
        if let (true, Some(ActiveRequest(usage))) = (self.ends_with_connection, &self.active) {
            usage.cut();
        }
    }
}

impl MessageBody for AnswerBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_next(context) {
                Poll::Ready(Some(Ok(piece))) => self.rest = piece,
                Poll::Ready(Some(Err(error))) => {
                    self.break_off();
                    return Poll::Ready(Some(Err(error)));
                }
                other => return other,
            }
        }
        let slice = if self.body.size() == BodySize::Stream { PAGE } else { SLICE };
        let length = self.rest.len().min(slice);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }
}

#[cfg(test)]
mod tests;
