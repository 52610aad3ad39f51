//! `GET /mine` (tutorial, section 4.3).

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{ApiError, ok, transactions_json};
use crate::server::Node;

#[derive(Serialize)]
struct Mined {
    index: u64,
    message: &'static str,
    previous_hash: String,
    proof: u64,
    transactions: Box<RawValue>,
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
    Ok(ok(&Mined {
        index: block.index,
        message: "New Block Created",
        previous_hash: block.previous_hash.to_string(),
        proof: block.proof,
        transactions: transactions_json(block.transactions.iter()),
    }))
}
