//! What is done around every request: it is noted as begun and ended, and its answer leaves in slices, of which few wait.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::{ConnectionType, Version};
use bytes::Bytes;
use futures_util::Stream;

use super::limits::{Busy, Gate, Pass, Usage, busy};
use super::log::Asked;

/// How much of an answer is handed to the connection at a time, which copies it.
const SLICE: usize = 64 << 10;

/// The same of an answer that is read page by page: such answers are few, and so the page is what counts.
const PAGE: usize = 512 << 10;

/// The unit in which bytes that wait to be sent are counted.
const UNIT: usize = 1 << 10;

/// Notes that a request begins.
pub(super) fn begin(request: &mut ServiceRequest) -> Option<Begun> {
    let usage = Arc::clone(request.conn_data::<Arc<Usage>>()?);
    let payload = request.parts_mut().1;
    let has_body = !matches!(payload, Payload::None);
    usage.begin(has_body);
    if has_body {
        let noted = Body { payload: std::mem::replace(payload, Payload::None), usage: Arc::clone(&usage) };
        *payload = Payload::Stream { payload: Box::pin(noted) };
    }
    Some(Begun(usage))
}

/// Gives an answer a place among those that wait to be sent, or answers in its stead that there is none.
pub(super) async fn finish(
    outstanding: &Gate,
    begun: Option<Begun>,
    asked: Option<Asked>,
    mut response: ServiceResponse<BoxBody>,
) -> ServiceResponse<Answer> {
    let mut pass = response.response_mut().extensions_mut().remove::<Pass>();
    if let (None, BodySize::Sized(bytes), Some(Begun(usage))) =
        (&pass, response.response().body().size(), &begun)
        && bytes > SLICE as u64
    {
        let units = u32::try_from(bytes / UNIT as u64).unwrap_or(u32::MAX);
        match outstanding.enter_as(units, Some(usage)).await {
            Ok(entered) => pass = Some(entered),
            Err(Busy) => response = response.into_response(busy()),
        }
    }
    if let Some(asked) = asked {
        response = asked.answered(response);
    }
    if let Some(Begun(usage)) = &begun {
        usage.answer();
    }
    let ends_with_connection = end_with_connection(&mut response);
    response.map_body(|_, body| Answer { body, rest: Bytes::new(), ends_with_connection, _pass: pass, begun })
}

/// Lets an answer of unknown length to a client of HTTP/1.0, which knows no chunks, end with the connection (RFC 9112,
/// section 6.3); whether it does.
fn end_with_connection(response: &mut ServiceResponse<BoxBody>) -> bool {
    let ends = response.request().version() < Version::HTTP_11
        && response.response().body().size() == BodySize::Stream;
    if ends {
        let head = response.response_mut().head_mut();
        head.no_chunking(true);
        head.set_connection_type(ConnectionType::Close);
    }
    ends
}

/// A request that is being answered.
pub(super) struct Begun(Arc<Usage>);

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// A request's body on its way to the handler.
struct Body {
    payload: Payload,
    usage: Arc<Usage>,
}

impl Stream for Body {
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

impl Drop for Body {
    fn drop(&mut self) {
        self.usage.body_done();
    }
}

/// An answer on its way to the client. What it holds is given back when it was sent or broken off.
pub(super) struct Answer {
    body: BoxBody,
    /// What is left of the piece that is being sent.
    rest: Bytes,
    ends_with_connection: bool,
    _pass: Option<Pass>,
    begun: Option<Begun>,
}

impl Answer {
    /// Resets the connection of an answer that breaks off, if its end would look like that of the whole.
    fn break_off(&self) {
        if let (true, Some(Begun(usage))) = (self.ends_with_connection, &self.begun) {
            usage.cut();
        }
    }
}

impl MessageBody for Answer {
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
