//! `GET /blocks/latest`, `GET /blocks/{index}` and `GET /blocks/{hash}`: one block.

use std::borrow::Cow;

use actix_web::body::SizedStream;
use actix_web::http::header::{ContentType, ETag, EntityTag, IfNoneMatch};
use actix_web::web::{Bytes, Data, Header};
use actix_web::{HttpRequest, HttpResponse};
use ledger_core::{BlockHash, Height};
use rusqlite::Connection;

use crate::api::ApiError;
use crate::api::doc::shapes::Block;
use crate::api::doc::{Endpoint, pattern};
use crate::api::request::PathText;
use crate::api::response::{After, Beginning, Framing, Rest, begin_block, permit, with_permit};
use crate::ledger::{Ledger, PAGE};
use crate::node::Node;
use crate::store::StoreError;
use crate::store::blocks::{self, FoundBlock, Which};
use crate::system::threads::blocking;

/// The names of a block in a path, as a regular expression.
const NAMES: &str = "^(latest|[1-9][0-9]{0,15}|[0-9a-f]{64})$";

/// No text around the block: the answer is the block's text alone.
const NOTHING: Framing = Framing { before: Cow::Borrowed(""), after: After::Text(Cow::Borrowed("")) };

/// A block's text, or as much of it as fits one piece.
enum Text {
    Whole(Bytes),
    Part(Bytes, u64, Box<Rest>),
}

/// Answers a block exactly as it was hashed: the SHA-256 of the answer's body is the block's hash. A client that has the block
/// already (`If-None-Match`) gets 304.
pub(super) async fn block(
    node: Data<Node>,
    PathText(which): PathText,
    held: Header<IfNoneMatch>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let found = match parse(&which)? {
        Some(wanted) => find(&node, wanted).await?,
        None => None,
    };
    let Some((hash, text)) = found else {
        return Err(ApiError::NotFound(format!(
            "there is no block {which} here; /blocks/latest is the last one"
        )));
    };
    let tag = EntityTag::new_strong(hash.to_string());
    if is_held(&held, &tag) {
        return Ok(HttpResponse::NotModified().insert_header(ETag(tag)).finish());
    }
    let mut answer = HttpResponse::Ok();
    answer.content_type(ContentType::json()).insert_header(ETag(tag));
    Ok(match text {
        Text::Whole(text) => answer.body(text),
        Text::Part(first, length, rest) => {
            let permit = permit(&node, &request).await?;
            with_permit(answer.body(SizedStream::new(length, rest.stream(first))), permit)
        }
    })
}

async fn find(node: &Data<Node>, wanted: Which) -> Result<Option<(BlockHash, Text)>, ApiError> {
    if wanted == Which::Latest {
        let hash = node.ledger.tip().hash;
        if let Some(text) = node.cached.latest(&hash) {
            return Ok(Some((hash, Text::Whole(text))));
        }
    }
    let ledger = node.ledger.clone();
    let found = blocking("reading a block", move || {
        ledger.readers().snapshot_for_client(|snapshot| read(snapshot, &ledger, wanted))
    });
    let found = found.await??;
    if let (Which::Latest, Some((hash, Text::Whole(text)))) = (wanted, &found) {
        node.cached.keep_latest(*hash, text);
    }
    Ok(found)
}

fn read(
    snapshot: &Connection,
    ledger: &Ledger,
    wanted: Which,
) -> Result<Option<(BlockHash, Text)>, StoreError> {
    let Some(FoundBlock { height, hash, length, text }) =
        blocks::find(snapshot, &**ledger.rules(), &wanted, PAGE)?
    else {
        return Ok(None);
    };
    let text = match text {
        Some(text) => Text::Whole(text.into()),
        None => match begin_block(snapshot, ledger, height, NOTHING)? {
            Beginning::Whole(text) => Text::Whole(text),
            Beginning::Part(first, rest) => Text::Part(first, length, rest),
        },
    };
    Ok(Some((hash, text)))
}

fn is_held(held: &IfNoneMatch, tag: &EntityTag) -> bool {
    match held {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|held| held.weak_eq(tag)),
    }
}

/// Which block the path names; `None` for index 0, which no block has.
fn parse(which: &str) -> Result<Option<Which>, ApiError> {
    if which == "latest" {
        return Ok(Some(Which::Latest));
    }
    if let Ok(hash) = which.parse::<BlockHash>() {
        return Ok(Some(Which::Hash(hash)));
    }
    let index = which.bytes().all(|byte| byte.is_ascii_digit()).then(|| which.parse().ok()).flatten();
    index.map(|index| Height::new(index).map(Which::At)).ok_or_else(|| {
        ApiError::Bad(
            "a block is named by its index, by the 64 hex digits of its hash, or by \"latest\"".into(),
        )
    })
}

pub(super) fn doc() -> Endpoint {
    Endpoint::new(
        "The body is the block's canonical text: its SHA-256 is the block's hash, which is also the `ETag`.",
    )
    .path("which", "`latest`, an index from 1 on, or the 64 hex digits of a hash.", pattern(NAMES))
    .json::<Block>(200, "The block.")
    .empty(304, "`If-None-Match` names the block's hash.")
    .refuses(400, &["a block is named by its index, by the 64 hex digits of its hash, or by \"latest\""])
    .refuses(404, &["there is no block 99 here; /blocks/latest is the last one"])
}
