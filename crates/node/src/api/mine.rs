//! `GET /mine` (tutorial, section 4.3), and `GET /mine/progress`: how far that is.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use super::object::{self, Object};
use super::{ApiError, ok};
use crate::miner::Progress;
use crate::server::Node;

#[derive(Serialize)]
struct Searching {
    difficulty: u8,
    expected_tries: f64,
    index: u64,
    mining: bool,
    seconds: f64,
    tries: u64,
    tries_per_second: u64,
}

#[derive(Serialize)]
struct Idle {
    mining: bool,
}

pub(super) async fn mine(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let encoded = node.miner.mine().await?;
    let block = encoded.block();
    tracing::info!(
        "mined block {}: proof {}, transactions: {}",
        block.index,
        block.proof,
        block.transactions.len()
    );
    let answer = Object::new()
        .with("index", &block.index)
        .with("message", &"New Block Created")
        .with("previous_hash", &block.previous_hash.to_string())
        .with("proof", &block.proof)
        .with_text("transactions", &object::transactions(block.transactions.iter()));
    Ok(answer.answer())
}

/// Answers how far the search is that runs.
pub(super) async fn progress(node: Data<Node>) -> HttpResponse {
    match node.miner.progress() {
        None => ok(&Idle { mining: false }),
        Some(progress) => ok(&Searching::from(progress)),
    }
}

impl From<Progress> for Searching {
    fn from(progress: Progress) -> Self {
        Self {
            difficulty: progress.difficulty.zeros(),
            expected_tries: progress.expected_tries(),
            index: progress.index,
            mining: true,
            seconds: (progress.elapsed.as_secs_f64() * 1e3).round() / 1e3,
            tries: progress.tries,
            tries_per_second: progress.rate() as u64,
        }
    }
}
