//! `GET /blocks/latest`, `GET /blocks/{index}` and `GET /blocks/{hash}`: one block.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{ContentType, ETag, EntityTag, IfNoneMatch};
use actix_web::web::{self, Bytes, Data, Header};
use ledger_core::BlockHash;

use super::ApiError;
use super::encoding::PathText;
use crate::server::Node;
use crate::store::blocks::{self, Which};

/// Answers a block exactly as it was hashed: the SHA-256 of the answer's body is the block's hash. A client that has it
/// already, and says so, is told that in a word.
pub(super) async fn block(
    node: Data<Node>,
    PathText(which): PathText,
    held: Header<IfNoneMatch>,
) -> Result<HttpResponse, ApiError> {
    let Some((hash, text)) = find(&node, parse(&which)?).await? else {
        return Err(ApiError::NotFound(format!(
            "there is no block {which} here; /blocks/latest is the last one"
        )));
    };
    let tag = EntityTag::new_strong(hash.to_string());
    if is_held(&held, &tag) {
        return Ok(HttpResponse::NotModified().insert_header(ETag(tag)).finish());
    }
    Ok(HttpResponse::Ok().content_type(ContentType::json()).insert_header(ETag(tag)).body(text))
}

async fn find(node: &Data<Node>, wanted: Which) -> Result<Option<(BlockHash, Bytes)>, ApiError> {
    if wanted == Which::Latest {
        let hash = node.ledger.tip().hash;
        if let Some(text) = node.answers.latest(&hash) {
            return Ok(Some((hash, text)));
        }
    }
    let readers = Arc::clone(node.ledger.readers());
    let found = web::block(move || readers.snapshot(|snapshot| blocks::find(snapshot, &wanted)));
    let Some((hash, text)) = found.await.map_err(|_| ApiError::Failed)?? else { return Ok(None) };
    let text = Bytes::from(text);
    if wanted == Which::Latest {
        node.answers.keep_latest(hash, &text);
    }
    Ok(Some((hash, text)))
}

fn is_held(held: &IfNoneMatch, tag: &EntityTag) -> bool {
    match held {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|held| held.weak_eq(tag)),
    }
}

fn parse(which: &str) -> Result<Which, ApiError> {
    if which == "latest" {
        return Ok(Which::Latest);
    }
    if let Ok(hash) = which.parse::<BlockHash>() {
        return Ok(Which::Hash(hash));
    }
    let index = which.bytes().all(|byte| byte.is_ascii_digit()).then(|| which.parse().ok()).flatten();
    index.map(Which::Index).ok_or_else(|| {
        ApiError::Bad(
            "a block is named by its index, by the 64 hex digits of its hash, or by \"latest\"".into(),
        )
    })
}
