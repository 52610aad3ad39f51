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
pub(in crate::api::handlers) async fn block(
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

pub(in crate::api::handlers) fn doc() -> Endpoint {
    Endpoint::new(
        "The body is the block's canonical text: its SHA-256 is the block's hash, which is also the `ETag`.",
    )
    .path("which", "`latest`, an index from 1 on, or the 64 hex digits of a hash.", pattern(NAMES))
    .json::<Block>(200, "The block.")
    .empty(304, "`If-None-Match` names the block's hash.")
    .refuses(400, &["a block is named by its index, by the 64 hex digits of its hash, or by \"latest\""])
    .refuses(404, &["there is no block 99 here; /blocks/latest is the last one"])
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::{ask, get, node};

    #[actix_web::test]
    async fn block_is_found_by_index_hash_or_as_the_last() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let genesis = ask(&node, get("/blocks/latest")).await;
        assert_eq!(ask(&node, get("/mine")).await.status, 200);
        for (path, hash) in [
            ("/blocks/1".to_owned(), BlockHash::of_text(&genesis.text)),
            ("/blocks/latest".to_owned(), node.ledger.tip().hash),
            ("/blocks/latest".to_owned(), node.ledger.tip().hash),
            ("/blocks/2".to_owned(), node.ledger.tip().hash),
            (format!("/blocks/{}", node.ledger.tip().hash), node.ledger.tip().hash),
        ] {
            let block = ask(&node, get(&path)).await;
            assert_eq!((block.status, BlockHash::of_text(&block.text)), (200, hash), "{path}");
            let tag = format!("\"{hash}\"");
            assert_eq!(block.header("etag"), Some(&*tag));
            for held in [&*tag, "*", &format!("\"other\", W/{tag}")] {
                let unchanged = ask(&node, get(&path).insert_header(("If-None-Match", held))).await;
                assert_eq!((unchanged.status, &*unchanged.text), (304, ""), "{held}");
                assert_eq!(unchanged.header("etag"), Some(&*tag));
            }
            let changed = ask(&node, get(&path).insert_header(("If-None-Match", "\"other\""))).await;
            assert_eq!(changed.status, 200);
        }
    }

    #[actix_web::test]
    async fn unknown_block_is_not_found() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        for which in ["0", "2", &"a".repeat(64)] {
            let none = ask(&node, get(&format!("/blocks/{which}"))).await;
            assert_eq!(none.status, 404);
            assert_eq!(none.text, format!("there is no block {which} here; /blocks/latest is the last one"));
        }
        for which in ["x", "+1", "-1", "1.0", "99999999999999999999", &"A".repeat(64)] {
            assert_eq!(ask(&node, get(&format!("/blocks/{which}"))).await.status, 400, "{which}");
        }
    }

    #[actix_web::test]
    async fn large_block_is_sent_with_its_length() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let ledger = node.ledger.clone();
        blocking("appending", move || {
            let block = crate::ledger::testing::rewards(&"x".repeat(3 * PAGE), 1);
            crate::ledger::testing::stage(&ledger, ledger.tip(), block).adopt().unwrap().unwrap();
        })
        .await
        .unwrap();
        let block = ask(&node, get("/blocks/latest")).await;
        assert_eq!(BlockHash::of_text(&block.text), node.ledger.tip().hash);
        let chain = ask(&node, get("/chain")).await;
        assert!(chain.text.contains(&block.text) && chain.text.ends_with("], \"length\": 2}\n"));
    }
}
