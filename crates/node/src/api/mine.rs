//! `GET /mine` (tutorial, section 4.3).

use actix_web::HttpResponse;
use actix_web::web::Data;
use ledger_core::Transaction;
use serde::Serialize;

use super::{ApiError, ok};
use crate::server::Node;

#[derive(Serialize)]
struct Mined<'a> {
    index: u64,
    message: &'static str,
    previous_hash: String,
    proof: u64,
    transactions: &'a [Transaction],
}

pub(super) async fn mine(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let encoded = node.miner.mine().await?;
    let block = encoded.block();
    tracing::info!(
        "mined block {}: proof {}, {} transactions",
        block.index,
        block.proof,
        block.transactions.len()
    );
    Ok(ok(&Mined {
        index: block.index,
        message: "New Block Created",
        previous_hash: block.previous_hash.to_string(),
        proof: block.proof,
        transactions: &block.transactions,
    }))
}
