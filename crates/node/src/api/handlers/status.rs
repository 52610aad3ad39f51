//! `GET /status`: the state of the node in one answer.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use p2p::NodeInfo;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::mine::Search;
use crate::api::doc::Endpoint;
use crate::api::response::ok;
use crate::ledger::View;
use crate::network::{Network, Sync, SyncState};
use crate::node::Node;
use crate::system::clock;

/// The state of the node.
#[derive(Serialize, ToSchema)]
struct Status {
    /// The address that this node's blocks pay.
    address: String,
    /// Leading zeros that the next proof's hash needs.
    difficulty: u32,
    /// The index of the last block.
    height: u64,
    /// The running search, if any.
    mining: Search,
    /// The label that the owner gave the node.
    #[schema(required)]
    name: Option<String>,
    /// The number of neighbours.
    neighbours: usize,
    /// The name of the peer-to-peer network.
    network: String,
    /// Whether the caller has the owner's rights.
    owner: bool,
    /// The node in that network, or null if it has not joined it.
    #[schema(required)]
    p2p: Option<P2p>,
    /// The waiting payments.
    pool: Pool,
    /// What a block of this node pays its miner.
    #[schema(value_type = f64)]
    reward: Box<RawValue>,
    /// The rules of the chain.
    rules: Rules,
    /// Progress of fetching a chain from peers; null if none is fetched.
    #[schema(required)]
    sync: Option<Syncing>,
    /// The hash of the last block.
    tip: String,
    /// Whole seconds since the start.
    uptime: u64,
    /// The version of the program.
    version: &'static str,
    /// The fingerprint of the owner's key.
    wallet: String,
}

/// The node in the peer-to-peer network.
#[derive(Serialize, ToSchema)]
struct P2p {
    /// The peers that are connected.
    connected: usize,
    /// The id of this node there.
    id: String,
    /// Where it listens.
    listen: Vec<String>,
}

/// The progress of fetching a chain from peers.
#[derive(Serialize, ToSchema)]
struct Syncing {
    /// Blocks that arrive per second, or null at the beginning.
    #[schema(required)]
    blocks_per_second: Option<f64>,
    /// The index of the last block that has arrived.
    height: u64,
    /// Seconds until all blocks have arrived, or null if that is not known yet.
    #[schema(required)]
    seconds_left: Option<u64>,
    /// `fetching`, or `adopting` when all blocks have arrived.
    state: &'static str,
    /// The index of the last block to fetch.
    target: u64,
}

/// The rules of the chain.
#[derive(Serialize, ToSchema)]
struct Rules {
    /// The rules in words.
    description: String,
    /// The name that selects them.
    name: &'static str,
}

/// The waiting payments.
#[derive(Serialize, ToSchema)]
struct Pool {
    /// Bytes of their canonical texts.
    bytes: usize,
    /// Their number.
    count: usize,
    /// The most bytes that may wait.
    limit: usize,
}

/// Answers the state of the node.
pub(super) async fn status(node: Data<Node>, request: HttpRequest) -> HttpResponse {
    let (rules, p2p) = (&**node.ledger.rules(), P2p::of(&node).await);
    let (ledger, state) = node.ledger.view(|view| (Ledger::of(view), view.state.clone()));
    let address = node.wallet.address();
    // A draft without payments: its difficulty is that of the next block.
    let draft = rules.draft(&state, &Vec::new, &address.as_str().into(), clock::now());
    ok(&Status {
        address: address.to_string(),
        difficulty: draft.work().leading_zeros() / 4,
        height: ledger.height,
        mining: Search::of(&node.miner),
        name: node.settings.name.as_ref().map(ToString::to_string),
        neighbours: ledger.neighbours,
        network: node.settings.network.clone(),
        owner: node.policy.is_owner(&request),
        p2p,
        pool: ledger.pool,
        reward: reward(&node.settings.mining_reward),
        rules: Rules { description: rules.describe(), name: rules.name() },
        sync: node.network.as_ref().and_then(Network::sync).map(Syncing::new),
        tip: ledger.tip,
        uptime: node.started.elapsed().as_secs(),
        version: env!("CARGO_PKG_VERSION"),
        wallet: address.fingerprint(),
    })
}

/// The reward as JSON, written as it is hashed.
fn reward(reward: &impl ToString) -> Box<RawValue> {
    RawValue::from_string(reward.to_string()).expect("a number is JSON")
}

/// The part read under the ledger's lock. The writer waits for it, so slow work happens elsewhere.
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

impl Syncing {
    fn new(sync: Sync) -> Self {
        Self {
            blocks_per_second: sync.rate().map(f64::round),
            height: sync.height,
            seconds_left: sync.time_left().map(|left| left.as_secs()),
            state: match sync.state {
                SyncState::Fetching => "fetching",
                SyncState::Adopting => "adopting",
            },
            target: sync.target,
        }
    }
}

impl P2p {
    async fn of(node: &Node) -> Option<Self> {
        Some(Self::new(node.network.as_ref()?.info().await?))
    }

    fn new(info: NodeInfo) -> Self {
        let listen = info.listen.iter().map(ToString::to_string).collect();
        Self { connected: info.connected, id: info.id.to_string(), listen }
    }
}

pub(super) fn doc() -> Endpoint {
    Endpoint::new("Cheap, however long the chain is.").json::<Status>(200, "The state of the node.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::tempdir;

    use crate::access::{OwnerRule, Policy};
    use crate::api::testing::json;
    use crate::node::testing;

    #[actix_web::test]
    async fn status_is_that_of_the_node() {
        let directory = tempdir().unwrap();
        let flags = ["--difficulty", "3", "--mining-reward", "2.5", "--name", "heron", "--network", "class"];
        let mut node = testing::node(directory.path(), &flags);
        let token = "0123456789abcdef".parse().unwrap();
        node.policy = Policy::new(OwnerRule::Token, token, String::new(), Vec::new(), Vec::new());
        let node = actix_web::web::Data::new(node);
        node.ledger.add_peers(vec!["192.0.2.7:5001".parse().unwrap()]).await.unwrap();
        let wallet = node.wallet.address();
        let mut status = json(&node, "/status").await;
        status.as_object_mut().unwrap().remove("uptime").unwrap();
        let rules = node.ledger.rules();
        let expected = json!({
            "address": wallet.as_str(), "difficulty": 3, "height": 1, "mining": {"mining": false}, "name": "heron",
            "neighbours": 1, "network": "class", "owner": false, "p2p": null,
            "pool": {"bytes": 0, "count": 0, "limit": 16 << 20}, "reward": 2.5,
            "rules": {"description": rules.describe(), "name": rules.name()}, "sync": null,
            "tip": node.ledger.tip().hash.to_string(), "version": env!("CARGO_PKG_VERSION"), "wallet": wallet.fingerprint(),
        });
        assert_eq!(status, expected);
    }
}
