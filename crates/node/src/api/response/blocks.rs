//! Answers with blocks: in one piece if they are few, else streamed from disk.

use std::sync::Arc;

use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse};

use super::framing::Framing;
use super::streaming::{Beginning, begin};
use crate::api::ApiError;
use crate::http::{Permit, Usage};
use crate::node::Node;
use crate::system::threads::blocking;

/// An answer with the whole chain.
pub(in crate::api) async fn whole(
    node: &Node,
    request: &HttpRequest,
    framing: Framing,
) -> Result<HttpResponse, ApiError> {
    blocks(node, request, 1, u64::MAX, framing).await
}

/// An answer with blocks: in one piece if they are few, else streamed from disk.
pub(in crate::api) async fn blocks(
    node: &Node,
    request: &HttpRequest,
    from: u64,
    limit: u64,
    framing: Framing,
) -> Result<HttpResponse, ApiError> {
    let ledger = node.ledger.clone();
    let read = blocking("reading the chain", move || begin(&ledger, from, limit, framing));
    let mut answer = HttpResponse::Ok();
    answer.content_type(ContentType::json());
    Ok(match read.await?? {
        Beginning::Whole(body) => answer.body(body),
        Beginning::Part(first, rest) => {
            let permit = permit(node, request).await?;
            with_permit(answer.streaming(rest.stream(first)), permit)
        }
    })
}

/// Waits for a permit to send a long answer.
pub(in crate::api) async fn permit(node: &Node, request: &HttpRequest) -> Result<Permit, ApiError> {
    Ok(node.guards.long_answers.enter_as(1, request.conn_data::<Arc<Usage>>()).await?)
}

/// Attaches a permit to an answer, which holds it until it is sent.
pub(in crate::api) fn with_permit(mut answer: HttpResponse, permit: Permit) -> HttpResponse {
    answer.extensions_mut().insert(permit);
    answer
}
