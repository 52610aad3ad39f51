//! `GET /mine` (tutorial, section 4.3); `GET /mine/progress`: its progress; `GET /mine/last`: the last block mined here.

use std::time::Duration;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::doc::Endpoint;
use crate::api::doc::shapes::MinedBlock;
use crate::api::response::{Object, ok};
use crate::miner::{Asker, Miner, Progress, Solved};
use crate::node::Node;

/// The progress of the search for a proof, if one runs.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Search {
    Idle(Idle),
    Runs(Searching),
}

/// A running search.
#[derive(Serialize, ToSchema)]
pub(super) struct Searching {
    /// Leading zeros that the proof's hash needs.
    difficulty: u32,
    /// The average number of tries for a proof.
    expected_tries: f64,
    /// The index of the block.
    index: u64,
    /// True.
    mining: bool,
    /// Seconds since the start of the search.
    seconds: f64,
    /// Proofs tried.
    tries: u64,
    /// Tries per second.
    tries_per_second: u64,
    /// Requests that wait for a search of their own.
    waiting: usize,
}

/// No search runs.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Idle {
    /// False.
    mining: bool,
}

/// The last block mined here, and the work in it.
#[derive(Serialize, ToSchema)]
struct Last {
    /// The text that was hashed: the last proof, the proof and the last block's hash.
    guess: String,
    /// Its SHA-256.
    guess_hash: String,
    /// The block's hash.
    hash: String,
    /// The block's index.
    index: u64,
    /// Its proof.
    proof: u64,
    /// Seconds that the search took.
    seconds: f64,
    /// Proofs tried.
    tries: u64,
}

pub(super) async fn mine(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let asker = Asker::Client(request.peer_addr().map(|client| client.ip()));
    let block = node.miner.mine(asker).await?;
    let member = |name| block.member(name).unwrap_or("null");
    let answer = Object::new()
        .with_text("index", member("index"))
        .with("message", &"New Block Created")
        .with_text("previous_hash", member("previous_hash"))
        .with_text("proof", member("proof"))
        .with_text("transactions", member("transactions"));
    Ok(answer.answer())
}

/// Answers the progress of the running search.
pub(super) async fn progress(node: Data<Node>) -> HttpResponse {
    ok(&Search::of(&node.miner))
}

/// Answers the last block mined here, and the work in it.
pub(super) async fn last(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let none =
        || ApiError::NotFound("this node has mined no block since its start; /mine mines one".to_owned());
    Ok(ok(&Last::from(&*node.miner.last().ok_or_else(none)?)))
}

impl Search {
    pub(super) fn of(miner: &Miner) -> Self {
        match miner.progress() {
            None => Self::Idle(Idle { mining: false }),
            Some(progress) => Self::Runs(Searching::new(progress, miner.waiting())),
        }
    }
}

impl Searching {
    fn new(progress: Progress, waiting: usize) -> Self {
        Self {
            difficulty: progress.leading_zeros / 4,
            expected_tries: progress.expected_tries,
            index: progress.height.get(),
            mining: true,
            seconds: seconds(progress.elapsed),
            tries: progress.tries,
            tries_per_second: progress.rate() as u64,
            waiting,
        }
    }
}

impl From<&Solved> for Last {
    fn from(solved: &Solved) -> Self {
        Self {
            guess: solved.guess.clone(),
            guess_hash: solved.guess_hash.to_string(),
            hash: solved.hash.to_string(),
            index: solved.height.get(),
            proof: solved.proof,
            seconds: seconds(solved.elapsed),
            tries: solved.tries,
        }
    }
}

/// Seconds, rounded to milliseconds.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round() / 1e3
}

pub(super) fn mine_doc() -> Endpoint {
    Endpoint::new("Takes as long as the puzzle. Requests queue, and each mines a block of its own. Hanging up ends the search.")
        .json::<MinedBlock>(200, "The new block.")
        .refuses(
            503,
            &["no proof solves the puzzle of the last block at this difficulty", "the node is stopping"],
        )
}

pub(super) fn progress_doc() -> Endpoint {
    Endpoint::new("").json::<Search>(200, "The running search, or that none runs.")
}

pub(super) fn last_doc() -> Endpoint {
    Endpoint::new("Anybody can hash the guess again.")
        .json::<Last>(200, "The block and its work.")
        .refuses(404, &["this node has mined no block since its start; /mine mines one"])
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::{ask, get, json, node};

    #[actix_web::test]
    async fn mined_block_is_answered_and_kept() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let none = ask(&node, get("/mine/last")).await;
        assert_eq!(
            (none.status, &*none.text),
            (404, "this node has mined no block since its start; /mine mines one")
        );
        assert_eq!(json(&node, "/mine/progress").await, json!({"mining": false}));
        let genesis = node.ledger.tip().hash.to_string();
        let mined = json(&node, "/mine").await;
        let reward = json!({"amount": 1, "recipient": node.wallet.address().as_str(), "sender": "0"});
        assert_eq!(
            mined,
            json!({"index": 2, "message": "New Block Created", "previous_hash": genesis, "proof": mined["proof"],
                "transactions": [reward]})
        );
        let last = json(&node, "/mine/last").await;
        assert_eq!((&last["index"], &last["proof"]), (&json!(2), &mined["proof"]));
        assert_eq!(last["hash"], json!(node.ledger.tip().hash.to_string()));
        assert_eq!(last["guess"], json!(format!("1{}{genesis}", mined["proof"])));
    }

    #[test]
    fn seconds_are_rounded_to_milliseconds() {
        assert_eq!(seconds(Duration::from_micros(1_234_567)), 1.235);
    }

    #[test]
    fn running_search_is_shown_in_the_interfaces_units() {
        let progress = Progress {
            height: ledger_core::Height::new(7).unwrap(),
            leading_zeros: 20,
            tries: 500,
            expected_tries: 1_048_576.0,
            elapsed: Duration::from_millis(250),
        };
        let shown = serde_json::to_value(Search::Runs(Searching::new(progress, 3))).unwrap();
        let expected = json!({
            "difficulty": 5, "expected_tries": 1_048_576.0, "index": 7, "mining": true, "seconds": 0.25, "tries": 500,
            "tries_per_second": 2000, "waiting": 3,
        });
        assert_eq!(shown, expected);
    }
}
