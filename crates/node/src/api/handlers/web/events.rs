//! `GET /events`: changes as server-sent events (HTML Standard, section 9.2).

use std::convert::Infallible;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

use crate::api::ApiError;
use crate::api::doc::{Endpoint, string};
use crate::api::request::query;
use crate::http::Usage;
use crate::live::{State, Subscriber};
use crate::node::Node;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Asks nginx not to hold events back until a buffer is full.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Answers with events until the client hangs up or the node stops.
pub(in crate::api::handlers) async fn events(
    node: Data<Node>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let after = after(&request)?;
    let mut answer = HttpResponse::Ok();
    answer
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(UNBUFFERED);
    if request.method() == Method::HEAD {
        return Ok(answer.finish());
    }
    let slot = request.conn_data::<Arc<Usage>>().and_then(|usage| node.guards.feeds.take(usage));
    let slot = slot.ok_or(ApiError::Busy("too many open pages; close one, or retry later"))?;
    let subscriber = node.live.subscribe(after.as_deref(), || node.ledger.view(State::of));
    let pieces = stream::unfold((subscriber, slot), |(mut subscriber, slot): (Subscriber, _)| async move {
        let piece = subscriber.next().await?;
        Some((Ok::<_, Infallible>(piece), (subscriber, slot)))
    });
    Ok(answer.streaming(Box::pin(pieces)))
}

/// The id of the last event that the client has. A browser that reconnects by itself sends it in a header. A page that opens a
/// new connection can only send it in the query.
fn after(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let header = request.headers().get(LAST_EVENT_ID);
    match header.map(HeaderValue::to_str) {
        Some(text) => Ok(Some(text.unwrap_or_default().to_owned())),
        None => query::text(request, "after"),
    }
}

pub(in crate::api::handlers) fn doc() -> Endpoint {
    Endpoint::new(
        "Server-sent events: `ready`, `block`, `reorg`, `payment`, `peers`, `mining`, `sync`, `reset` and `ping`. Each has JSON as its data. \
         The answer ends when the client hangs up or the node stops.",
    )
    .query("after", "The id of the last event that the client has; the header `Last-Event-ID` says the same.", string())
    .text(200, "text/event-stream", "Events, as they happen.")
    .refuses(503, &["too many open pages; close one, or retry later"])
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::{ask, get, node};

    #[actix_web::test]
    async fn head_needs_no_slot() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let head = ask(&node, TestRequest::with_uri("/events").method(Method::HEAD)).await;
        assert_eq!((head.status, &*head.text), (200, ""));
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("x-accel-buffering", "no"),
        ] {
            assert_eq!(head.header(name), Some(value), "{name}");
        }
        let refused = ask(&node, get("/events")).await;
        assert_eq!((refused.status, &*refused.text), (503, "too many open pages; close one, or retry later"));
    }

    #[test]
    fn last_event_is_in_the_header_or_else_in_the_query() {
        let (plain, query) =
            (TestRequest::with_uri("/events"), || TestRequest::with_uri("/events?after=7-1"));
        let header = |value: &'static [u8]| (LAST_EVENT_ID, HeaderValue::from_bytes(value).unwrap());
        for (request, expected) in [
            (plain, None),
            (query(), Some("7-1")),
            (query().insert_header(header(b"7-2")), Some("7-2")),
            (query().insert_header(header(b"\xff")), Some("")),
        ] {
            assert_eq!(after(&request.to_http_request()).unwrap().as_deref(), expected);
        }
    }
}
