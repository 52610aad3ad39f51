//! `GET /chain` (tutorial, section 4.1): the whole chain or, beyond the tutorial, a part of it.

use std::borrow::Cow;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::api::ApiError;
use crate::api::doc::shapes::Chain;
use crate::api::doc::{Endpoint, whole};
use crate::api::request::query;
use crate::api::response::{After, Framing, blocks};
use crate::node::Node;

const CHAIN: Framing = Framing {
    before: Cow::Borrowed("{\"chain\": ["),
    after: After::Length(|length| format!("], \"length\": {length}}}\n")),
};

/// Answers at most `limit` blocks from index `from` on; all blocks by default. `length` is always the whole chain's.
pub(in crate::api::handlers) async fn chain(
    node: Data<Node>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let from = query::number(&request, "from", 1..=u64::MAX, 1)?;
    let limit = query::number(&request, "limit", 1..=u64::MAX, u64::MAX)?;
    blocks(&node, &request, from, limit, CHAIN).await
}

pub(in crate::api::handlers) fn doc() -> Endpoint {
    Endpoint::new("The blocks are exactly the texts that are hashed. Long chains are streamed.")
        .query("from", "The index of the first block.", whole(1, None))
        .query("limit", "The most blocks to send.", whole(1, None))
        .json::<Chain>(200, "Blocks of one chain, and the length of the whole chain.")
        .refuses(400, &["from must be a whole number from 1 on", "limit must be a whole number from 1 on"])
        .refuses(503, &["overloaded: too many readers; retry later"])
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tempfile::tempdir;

    use crate::api::testing::{ask, get, json, node};

    #[actix_web::test]
    async fn part_of_the_chain_has_the_whole_length() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        for _ in 0..3 {
            assert_eq!(ask(&node, get("/mine")).await.status, 200);
        }
        for (path, indexes) in [
            ("/chain", &[1, 2, 3, 4][..]),
            ("/chain?from=3", &[3, 4]),
            ("/chain?from=2&limit=2", &[2, 3]),
            ("/chain?from=5", &[]),
        ] {
            let chain = json(&node, path).await;
            let index = |block: &Value| block["index"].as_u64().unwrap();
            let found: Vec<u64> = chain["chain"].as_array().unwrap().iter().map(index).collect();
            assert_eq!((found.as_slice(), &chain["length"]), (indexes, &4.into()), "{path}");
        }
        for path in ["/chain?from=0", "/chain?limit=0"] {
            assert_eq!(ask(&node, get(path)).await.status, 400, "{path}");
        }
    }
}
