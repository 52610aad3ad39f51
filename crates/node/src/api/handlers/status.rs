//! `GET /status`: how the node is, in one answer.

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
    let mining = Search::of(&node.miner);
    ok(&node.ledger.view(|view| Status::new(view, &**node.ledger.rules(), mining, &node)))
}

impl Status {
    fn new(view: &View, rules: &dyn RuleSet, mining: Search, node: &Node) -> Self {
        let pool = Pool { count: view.pool.len(), bytes: view.pool.bytes(), limit: view.pool.limit() };
        Self {
            version: env!("CARGO_PKG_VERSION"),
            wallet: node.wallet.address().fingerprint(),
            rules: Rules { name: rules.name(), description: rules.describe() },
            height: view.tip.height.get(),
            tip: view.tip.hash.to_string(),
            pool,
            neighbours: view.peers.len(),
            mining,
            uptime: node.started.elapsed().as_secs(),
        }
    }
}
