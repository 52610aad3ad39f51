//! `GET /blocks/latest`, `GET /blocks/{index}` and `GET /blocks/{hash}`: one block.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{ContentType, ETag, EntityTag};
use actix_web::web::{self, Data, Path};
use ledger_core::BlockHash;

use super::ApiError;
use crate::server::Node;
use crate::store::blocks::{self, Which};

/// Answers a block exactly as it was hashed: the SHA-256 of the answer's body is the block's hash.
pub(super) async fn block(node: Data<Node>, which: Path<String>) -> Result<HttpResponse, ApiError> {
    let wanted = parse(&which)?;
    let readers = Arc::clone(node.ledger.readers());
    let found = web::block(move || readers.snapshot(|snapshot| blocks::find(snapshot, &wanted)));
    let Some((hash, text)) = found.await.map_err(|_| ApiError::Failed)?? else {
        return Err(ApiError::NotFound(format!(
            "there is no block {which} here; /blocks/latest is the last one"
        )));
    };
    Ok(HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header(ETag(EntityTag::new_strong(hash)))
        .body(text))
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
