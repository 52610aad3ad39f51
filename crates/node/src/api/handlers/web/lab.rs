//! `POST /lab/verify`: the node's verdict on any blocks.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Payload};
use ledger_core::seam::RuleSet;
use ledger_core::{Difficulty, Printable};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::doc::Endpoint;
use crate::api::doc::shapes::SentBlocks;
use crate::api::request::{Members, body};
use crate::api::response::ok;
use crate::lab::{Verdict, verify};
use crate::node::Node;
use crate::system::clock;

/// The most blocks in a request. The body's limit bounds their bytes.
const MAX_BLOCKS: usize = 256;

const EXAMPLE: &str =
    r#"{"blocks": [{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1.5, "transactions": []}]}"#;

/// Verdicts on blocks.
#[derive(Serialize, ToSchema)]
struct Verdicts {
    /// One per block, in order.
    blocks: Vec<Shown>,
    /// The rules, in words.
    rules: String,
}

/// A verdict, as the answer shows it.
#[derive(Serialize, ToSchema)]
struct Shown {
    /// The value that the rule requires.
    #[schema(required)]
    expected: Option<String>,
    /// The block's value.
    #[schema(required)]
    found: Option<String>,
    /// The hash of its canonical text; null if it is not a block.
    #[schema(required)]
    hash: Option<String>,
    /// Its position among the blocks, from 1.
    position: u64,
    /// The first block that breaks a rule, if that is before this one.
    #[schema(required)]
    rests_on: Option<u64>,
    /// The rule that it breaks.
    #[schema(required)]
    rule: Option<&'static str>,
    /// A message with both sides.
    #[schema(required)]
    says: Option<String>,
    /// "valid", "broken" or "rests".
    verdict: &'static str,
}

/// Answers a verdict for each block.
pub(in crate::api::handlers) async fn verdicts(
    node: Data<Node>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let body = body::read(payload).await?;
    let members = Members::parse(&body, EXAMPLE)?;
    members.only(&["blocks", "difficulty"])?;
    let blocks = blocks(&members)?;
    let blocks: Vec<&[u8]> = blocks.iter().map(|block| block.get().as_bytes()).collect();
    let rules = rules(&node, &members)?;
    // The body is short: this takes a millisecond or two.
    let verdicts = verify(&rules, &blocks, clock::now());
    Ok(ok(&Verdicts { blocks: verdicts.into_iter().map(Shown::from).collect(), rules: rules.describe() }))
}

fn blocks<'a>(members: &'a Members<'_>) -> Result<Vec<&'a RawValue>, ApiError> {
    let bad = || ApiError::Bad(format!("blocks must be a list of blocks; send {EXAMPLE}"));
    let blocks: Vec<&RawValue> = serde_json::from_str(members.json("blocks")).map_err(|_| bad())?;
    if blocks.len() > MAX_BLOCKS {
        let found = blocks.len();
        return Err(ApiError::Bad(format!("blocks must be at most {MAX_BLOCKS}, not {found}")));
    }
    Ok(blocks)
}

/// The node's rules, at the difficulty that the request names.
fn rules(node: &Node, members: &Members<'_>) -> Result<Arc<dyn RuleSet>, ApiError> {
    let rules = node.ledger.rules();
    if !members.has("difficulty") {
        return Ok(Arc::clone(rules));
    }
    let json = members.json("difficulty");
    let bad = || format!("difficulty must be 0 to 64 leading zeros, not {}", Printable::foreign(json));
    let difficulty = zeros(json).and_then(|zeros| Difficulty::new(zeros).ok());
    rules
        .at_difficulty(difficulty.ok_or_else(|| ApiError::Bad(bad()))?)
        .ok_or_else(|| ApiError::Bad(format!("the rules \"{}\" have no difficulty to choose", rules.name())))
}

/// A whole number in any spelling of JSON: 4, 4.0 or 4e0.
fn zeros(json: &str) -> Option<u8> {
    let number: f64 = serde_json::from_str(json).ok()?;
    (number.fract() == 0.0 && (0.0..=255.0).contains(&number)).then_some(number as u8)
}

impl From<Verdict> for Shown {
    fn from(verdict: Verdict) -> Self {
        let word = verdict.word();
        let Verdict { position, hash, rests_on, broken } = verdict;
        let (rule, says, sides) = match broken {
            Some(broken) => (Some(broken.rule), Some(broken.says), broken.sides),
            None => (None, None, None),
        };
        let (expected, found) = sides.map(|sides| (sides.expected, sides.found)).unzip();
        let hash = hash.map(|hash| hash.to_string());
        Self { expected, found, hash, position, rests_on, rule, says, verdict: word }
    }
}

pub(in crate::api::handlers) fn doc() -> Endpoint {
    Endpoint::new("Checks each block against the one before it, even after a broken one.")
        .body::<SentBlocks>("The blocks.")
        .json::<Verdicts>(200, "A verdict on each block.")
        .refuses(
            400,
            &[
                "blocks must be a list of blocks; send …",
                "blocks must be at most 256, not 257",
                "difficulty must be 0 to 64 leading zeros, not 65",
                "the rules \"toy\" have no difficulty to choose",
            ],
        )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::{ask, json, node, post};

    #[actix_web::test]
    async fn each_block_gets_a_verdict() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let chain = json(&node, "/chain").await;
        let body = json!({"blocks": [chain["chain"][0], 5, 5]});
        let verdicts = ask(&node, post("/lab/verify", body)).await.json();
        let tip = node.ledger.tip().hash.to_string();
        assert_eq!(verdicts["rules"], node.ledger.rules().describe());
        let valid = json!({
            "expected": null, "found": null, "hash": tip, "position": 1, "rests_on": null, "rule": null, "says": null,
            "verdict": "valid",
        });
        assert_eq!(verdicts["blocks"][0], valid);
        let shown =
            |block: &Value| (block["verdict"].clone(), block["rule"].clone(), block["rests_on"].clone());
        assert_eq!(shown(&verdicts["blocks"][1]), (json!("broken"), json!("form"), json!(null)));
        assert_eq!(shown(&verdicts["blocks"][2]), (json!("rests"), json!("form"), json!(2)));
    }

    #[actix_web::test]
    async fn difficulty_may_be_chosen() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        assert_eq!(ask(&node, crate::api::testing::get("/mine")).await.status, 200);
        let chain = json(&node, "/chain").await;
        for (difficulty, verdict) in [(json!(0), "valid"), (json!(64.0), "broken")] {
            let body = json!({"blocks": chain["chain"], "difficulty": difficulty});
            let verdicts = ask(&node, post("/lab/verify", body)).await.json();
            assert_eq!(verdicts["blocks"][1]["verdict"], verdict, "{difficulty}");
            if verdict == "broken" {
                assert_eq!(verdicts["blocks"][1]["rule"], "proof");
                assert_eq!(verdicts["blocks"][1]["expected"], "0".repeat(64));
                assert!(
                    verdicts["blocks"][1]["says"].is_string() && verdicts["blocks"][1]["found"].is_string()
                );
            }
        }
    }

    #[actix_web::test]
    async fn invalid_list_or_difficulty_is_refused() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        for (body, says) in [
            (json!({}), "blocks must be a list of blocks; send {\"blocks\": ["),
            (json!({"blocks": 5}), "blocks must be a list of blocks; send {\"blocks\": ["),
            (json!({"blocks": vec![1; 257]}), "blocks must be at most 256, not 257"),
            (json!({"blocks": [], "more": 1}), "unknown member \"more\"; known members: blocks, difficulty"),
            (json!({"blocks": [], "difficulty": 65}), "difficulty must be 0 to 64 leading zeros, not 65"),
            (json!({"blocks": [], "difficulty": null}), "difficulty must be 0 to 64 leading zeros, not null"),
        ] {
            let refused = ask(&node, post("/lab/verify", body)).await;
            assert_eq!(refused.status, 400);
            assert!(refused.text.starts_with(says), "{}", refused.text);
        }
        let most = ask(&node, post("/lab/verify", json!({"blocks": vec![1; 256]}))).await;
        assert_eq!((most.status, most.json()["blocks"].as_array().unwrap().len()), (200, 256));
    }

    #[test]
    fn whole_numbers_have_any_spelling() {
        for (json, number) in [("4", Some(4)), ("4.0", Some(4)), ("40e-1", Some(4)), ("255", Some(255))] {
            assert_eq!(zeros(json), number, "{json}");
        }
        for json in ["4.5", "-1", "256", "\"4\"", "null"] {
            assert_eq!(zeros(json), None, "{json}");
        }
    }
}
