//! `GET /status`: how the node is, in one answer.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::value::RawValue;

use super::mine::Search;
use crate::api::response::ok;
use crate::ledger::View;
use crate::node::Node;
use crate::system::clock;

#[derive(Serialize)]
struct Status {
    /// Who is paid for blocks of this node.
    address: String,
    /// Leading zeros that the next proof's hash needs.
    difficulty: u32,
    height: u64,
    mining: Search,
    /// The label that the owner gave the node.
    name: Option<String>,
    neighbours: usize,
    /// Whether the caller may do what only the owner may.
    owner: bool,
    pool: Pool,
    /// What a block of this node pays its miner.
    reward: Box<RawValue>,
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
pub(super) async fn status(node: Data<Node>, request: HttpRequest) -> HttpResponse {
    let rules = &**node.ledger.rules();
    let (ledger, state) = node.ledger.view(|view| (Ledger::of(view), view.state.clone()));
    let address = node.wallet.address();
    // What the proof of the next block needs, without its payments.
    let draft = rules.draft(&state, &Vec::new, &address.as_str().into(), clock::now());
    ok(&Status {
        address: address.to_string(),
        difficulty: draft.work().leading_zeros() / 4,
        height: ledger.height,
        mining: Search::of(&node.miner),
        name: node.settings.name.as_ref().map(ToString::to_string),
        neighbours: ledger.neighbours,
        owner: node.policy.is_owner(&request),
        pool: ledger.pool,
        reward: reward(&node.settings.mining_reward),
        rules: Rules { description: rules.describe(), name: rules.name() },
        tip: ledger.tip,
        uptime: node.started.elapsed().as_secs(),
        version: env!("CARGO_PKG_VERSION"),
        wallet: address.fingerprint(),
    })
}

/// The reward in the form in which it is hashed.
fn reward(reward: &impl ToString) -> Box<RawValue> {
    RawValue::from_string(reward.to_string()).expect("a number is JSON")
}

/// What is read in one look at the ledger. The writer waits for it, so all that takes time is done elsewhere.
struct Ledger {
    height: u64,
    neighbours: usize,
    pool: Pool,
    tip: String,
}

impl Ledger {
    fn of(view: &View) -> Self {
        Self {
            height: view.tip.height.get(),
            neighbours: view.peers.len(),
            pool: Pool { count: view.pool.len(), bytes: view.pool.bytes(), limit: view.pool.limit() },
            tip: view.tip.hash.to_string(),
        }
    }
}
