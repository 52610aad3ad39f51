//! `GET /status`: how the node is, in one answer.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;
use ledger_core::seam::RuleSet;
use serde::Serialize;

use super::mine::Search;
use crate::api::response::ok;
use crate::ledger::View;
use crate::node::Node;

#[derive(Serialize)]
struct Status {
    height: u64,
    mining: Search,
    neighbours: usize,
    pool: Pool,
    rules: Rules,
    tip: String,
    /// Whole seconds since the start.
    uptime: u64,
    version: &'static str,
    /// The fingerprint of the owner's key.
    wallet: String,
}

#[derive(Serialize)]
struct Rules {
    description: String,
    name: &'static str,
}

#[derive(Serialize)]
struct Pool {
    bytes: usize,
    count: usize,
    limit: usize,
}

/// Answers how the node is.
pub(super) async fn status(node: Data<Node>) -> HttpResponse {
    let (mining, wallet) = (Search::of(&node.miner), node.wallet.address().fingerprint());
    let rules = &**node.ledger.rules();
    // The writer waits for the view: the wallet's fingerprint takes longer than all else.
    ok(&node.ledger.view(|view| Status::new(view, rules, (mining, wallet), node.started.elapsed())))
}

impl Status {
    fn new(view: &View, rules: &dyn RuleSet, (mining, wallet): (Search, String), uptime: Duration) -> Self {
        let pool = Pool { count: view.pool.len(), bytes: view.pool.bytes(), limit: view.pool.limit() };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            wallet,
            rules: Rules { name: rules.name(), description: rules.describe() },
            height: view.tip.height.get(),
            tip: view.tip.hash.to_string(),
            pool,
            neighbours: view.peers.len(),
            mining,
            uptime: uptime.as_secs(),
        }
    }
}
