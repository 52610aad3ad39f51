//! `GET /chain` (tutorial, section 4.1), the whole chain or, beyond the tutorial, a part of it.

use actix_web::http::header::ContentType;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::{ApiError, query};
use crate::ledger::{Framing, stream_chain};
use crate::server::Node;

const CHAIN: Framing =
    Framing { before: "{\"chain\": [", after: |length| format!("], \"length\": {length}}}\n") };

/// Answers the blocks from index `from` on, `limit` at the most; all of them if neither is given. `length` is always the
/// whole chain's.
pub(super) async fn chain(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let from = query::number(&request, "from", 1..=u64::MAX, 1)?;
    let limit = query::number(&request, "limit", 1..=u64::MAX, u64::MAX)?;
    Ok(blocks(&node, from, limit, CHAIN))
}

/// An answer that holds the whole chain.
pub(super) fn whole(node: &Node, framing: Framing) -> HttpResponse {
    blocks(node, 1, u64::MAX, framing)
}

/// An answer of blocks, streamed from disk.
fn blocks(node: &Node, from: u64, limit: u64, framing: Framing) -> HttpResponse {
    let blocks = stream_chain(&node.ledger, from, limit, framing);
    HttpResponse::Ok().content_type(ContentType::json()).streaming(Box::pin(blocks))
}
