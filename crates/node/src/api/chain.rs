//! `GET /chain` (tutorial, section 4.1), the whole chain or, beyond the tutorial, a part of it.

use actix_web::http::header::ContentType;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::{StreamExt, stream};

use super::{ApiError, query};
use crate::ledger::{Framing, stream_chain};
use crate::server::Node;

const CHAIN: Framing =
    Framing { before: "{\"chain\": [", after: |length| format!("], \"length\": {length}}}\n") };

/// Answers the blocks from index `from` on, `limit` at the most; all of them if neither is given. `length` is
/// always the whole chain's.
pub(super) async fn chain(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let from = query::number(&request, "from", 1..=u64::MAX, 1)?;
    let limit = query::number(&request, "limit", 1..=u64::MAX, u64::MAX)?;
    blocks(&node, from, limit, CHAIN).await
}

/// An answer that holds the whole chain.
pub(super) async fn whole(node: &Node, framing: Framing) -> Result<HttpResponse, ApiError> {
    blocks(node, 1, u64::MAX, framing).await
}

/// An answer of blocks: in one piece if they are few, else streamed from disk.
async fn blocks(node: &Node, from: u64, limit: u64, framing: Framing) -> Result<HttpResponse, ApiError> {
    let mut pieces = Box::pin(stream_chain(&node.ledger, from, limit, framing));
    let first = pieces.next().await.transpose()?;
    let second = pieces.next().await;
    let mut answer = HttpResponse::Ok();
    answer.content_type(ContentType::json());
    Ok(match (first, second) {
        (Some(whole), None) => answer.body(whole),
        (first, second) => {
            answer.streaming(stream::iter(first.map(Ok).into_iter().chain(second)).chain(pieces))
        }
    })
}
