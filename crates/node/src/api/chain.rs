//! `GET /chain` (tutorial, section 4.1), the whole chain or, beyond the tutorial, a part of it.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::header::ContentType;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::ApiError;
use super::request::query;
use crate::http::{Pass, Usage};
use crate::ledger::{After, Beginning, Framing, begin};
use crate::node::Node;

const CHAIN: Framing = Framing {
    before: Cow::Borrowed("{\"chain\": ["),
    after: After::Length(|length| format!("], \"length\": {length}}}\n")),
};

/// Answers the blocks from index `from` on, `limit` at the most; all of them if neither is given. `length` is
/// always the whole chain's.
pub(super) async fn chain(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let from = query::number(&request, "from", 1..=u64::MAX, 1)?;
    let limit = query::number(&request, "limit", 1..=u64::MAX, u64::MAX)?;
    blocks(&node, &request, from, limit, CHAIN).await
}

/// An answer that holds the whole chain.
pub(super) async fn whole(
    node: &Node,
    request: &HttpRequest,
    framing: Framing,
) -> Result<HttpResponse, ApiError> {
    blocks(node, request, 1, u64::MAX, framing).await
}

/// An answer of blocks: in one piece if they are few, else streamed from disk.
async fn blocks(
    node: &Node,
    request: &HttpRequest,
    from: u64,
    limit: u64,
    framing: Framing,
) -> Result<HttpResponse, ApiError> {
    let ledger = node.ledger.clone();
    let read = web::block(move || begin(&ledger, from, limit, framing)).await;
    let mut answer = HttpResponse::Ok();
    answer.content_type(ContentType::json());
    Ok(match read.map_err(|_| ApiError::Failed)?? {
        Beginning::Whole(body) => answer.body(body),
        Beginning::Part(first, rest) => {
            let place = place(node, request).await?;
            with(answer.streaming(rest.stream(first)), place)
        }
    })
}

/// A place among the long answers that are sent.
pub(super) async fn place(node: &Node, request: &HttpRequest) -> Result<Pass, ApiError> {
    Ok(node.guards.long_answers.enter_as(1, request.conn_data::<Arc<Usage>>()).await?)
}

/// An answer that holds a place until it was sent.
pub(super) fn with(mut answer: HttpResponse, place: Pass) -> HttpResponse {
    answer.extensions_mut().insert(place);
    answer
}
