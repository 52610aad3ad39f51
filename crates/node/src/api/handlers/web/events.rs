//! `GET /events`: what changes, as server-sent events (HTML Standard, section 9.2).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use tokio::time::{MissedTickBehavior, interval};

use crate::api::ApiError;
use crate::api::doc::{Endpoint, string};
use crate::api::handlers::mine::Search;
use crate::api::request::query;
use crate::http::Usage;
use crate::live::{State, Subscriber};
use crate::node::Node;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Asks nginx not to hold events back until a buffer is full.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Time between two events about the progress of mining.
const PROGRESS: Duration = Duration::from_millis(200);

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
    let seat = request.conn_data::<Arc<Usage>>().and_then(|usage| node.guards.feeds.take(usage));
    let seat = seat.ok_or(ApiError::Busy("too many pages follow this node; close one, or retry later"))?;
    let subscriber = node.live.subscribe(after.as_deref(), || node.ledger.view(State::of));
    let pieces = stream::unfold((subscriber, seat), |(mut subscriber, seat): (Subscriber, _)| async move {
        let piece = subscriber.next().await?;
        Some((Ok::<_, Infallible>(piece), (subscriber, seat)))
    });
    Ok(answer.streaming(Box::pin(pieces)))
}

/// The last event that the client has. A browser names it in a header when it connects again by itself, and has only the
/// query for a new connection.
fn after(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let header = request.headers().get(LAST_EVENT_ID);
    match header.map(HeaderValue::to_str) {
        Some(text) => Ok(Some(text.unwrap_or_default().to_owned())),
        None => query::text(request, "after"),
    }
}

/// Shows the progress of mining in the live feed, as long as the node runs.
pub async fn show_mining(node: &Node) {
    let mut is_mining = node.miner.is_mining();
    loop {
        let progress = serde_json::to_value(Search::of(&node.miner)).expect("progress is plain data");
        node.live.show_mining(&progress);
        // The miner lives as long as the node.
        if is_mining.wait_for(|mining| *mining).await.is_err() {
            return;
        }
        let mut ticks = interval(PROGRESS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while *is_mining.borrow_and_update() {
            let progress = serde_json::to_value(Search::of(&node.miner)).expect("progress is plain data");
            node.live.show_mining(&progress);
            tokio::select! {
                _ = ticks.tick() => {}
                changed = is_mining.changed() => if changed.is_err() { return },
            }
        }
    }
}

pub(in crate::api::handlers) fn doc() -> Endpoint {
    Endpoint::new(
        "Server-sent events: `ready`, `block`, `reorg`, `payment`, `peers`, `mining`, `reset` and `ping`. Each has JSON as its data. \
         The answer ends when the client hangs up or the node stops.",
    )
    .query("after", "The id of the last event that the client has; the header `Last-Event-ID` says the same.", string())
    .text(200, "text/event-stream", "Events, as they happen.")
    .refuses(503, &["too many pages follow this node; close one, or retry later"])
}
