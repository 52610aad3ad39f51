//! `GET /chain` (tutorial, section 4.1).

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::Data;

use crate::ledger::{Framing, stream_chain};
use crate::server::Node;

pub(super) async fn chain(node: Data<Node>) -> HttpResponse {
    whole_chain(&node, "{\"chain\": [", |length| format!("], \"length\": {length}}}\n"))
}

/// An answer that holds the whole chain, streamed from disk.
pub(super) fn whole_chain(node: &Node, before: &'static str, after: fn(u64) -> String) -> HttpResponse {
    let blocks = stream_chain(&node.ledger, 1, u64::MAX, Framing { before, after });
    HttpResponse::Ok().content_type(ContentType::json()).streaming(Box::pin(blocks))
}
