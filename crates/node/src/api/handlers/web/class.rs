//! `GET /class` and `POST /class/nodes`: every node of the network on one board, for a class.

use std::collections::{HashMap, HashSet};

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::page;
use crate::api::ApiError;
use crate::api::doc::Endpoint;
use crate::api::handlers::blockchain::wallets;
use crate::api::handlers::peers::{self, Peer};
use crate::api::response::ok;
use crate::node::Node;
use crate::store::Wallet;

/// How long a disconnected node stays on the board.
const GONE_SECONDS: u64 = 600;

/// The nodes of the network.
#[derive(Serialize, ToSchema)]
struct Class {
    /// Where others join the peer-to-peer network through this node, `host:port`; none if it has not joined it.
    join: Vec<String>,
    /// The number of nodes.
    length: usize,
    /// This node, then its peers.
    nodes: Vec<Seat>,
}

/// A node. What peers say of themselves is not checked.
#[derive(Serialize, ToSchema)]
struct Seat {
    /// The address that its blocks pay, if the chain names it.
    #[schema(required)]
    account: Option<String>,
    /// What its wallet received in the chain, less what it paid. Null if its wallet is unknown, or if that is out of range.
    #[schema(value_type = Option<f64>, required)]
    balance: Option<Box<RawValue>>,
    /// The index of the last block that its chain shares with ours, 0 if they share none. Null if it is not known yet.
    #[schema(required)]
    fork: Option<u64>,
    /// Seconds since it was last heard from. Null if it never was.
    #[schema(required)]
    heard: Option<u64>,
    /// The index of its last block.
    #[schema(required)]
    height: Option<u64>,
    /// What stays the same while the node runs: its id in the peer-to-peer network, or its address.
    key: String,
    /// "own" for this node, "http" for a neighbour, "p2p" for a peer of the peer-to-peer network.
    kind: &'static str,
    /// The number of blocks in the chain that it has mined. Null if its wallet is unknown.
    #[schema(required)]
    mined: Option<u64>,
    /// The label that its owner gave it.
    #[schema(required)]
    name: Option<String>,
    /// The hash of its last block.
    #[schema(required)]
    tip: Option<String>,
    /// The fingerprint of its wallet.
    #[schema(required)]
    wallet: Option<String>,
}

/// Answers the board's document. What it shows comes from `/class/nodes`.
pub(in crate::api::handlers) async fn board(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    page::document(&request, "class.html")
}

/// Answers the nodes.
pub(in crate::api::handlers) async fn nodes(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let mut seats = vec![Seat::own(&node)];
    let peers = peers::all(&node).await?;
    // A neighbour that is also a peer of the network is shown once.
    let ids: HashSet<String> =
        peers.iter().filter(|peer| peer.kind == "p2p").filter_map(|peer| peer.id.clone()).collect();
    let is_first = |peer: &Peer| peer.kind == "p2p" || peer.id.as_ref().is_none_or(|id| !ids.contains(id));
    let is_here =
        |peer: &Peer| peer.kind == "http" || peer.heard.is_some_and(|seconds| seconds <= GONE_SECONDS);
    seats.extend(peers.into_iter().filter(|peer| is_first(peer) && is_here(peer)).map(Seat::from));
    let fingerprints: HashSet<String> = seats.iter().filter_map(|seat| seat.wallet.clone()).collect();
    let is_meant = move |wallet: &Wallet| fingerprints.contains(&wallet.fingerprint);
    let found = wallets::find(node.clone(), is_meant, usize::MAX).await?;
    let found: HashMap<_, _> = found.iter().map(|wallet| (wallet.fingerprint.as_str(), wallet)).collect();
    seats.iter_mut().for_each(|seat| seat.add_wallet(&found));
    Ok(ok(&Class { join: join(&node).await, length: seats.len(), nodes: seats }))
}

/// Where others can reach this node, from its addresses in the peer-to-peer network.
async fn join(node: &Node) -> Vec<String> {
    let Some(network) = &node.network else { return Vec::new() };
    let listens = network.info().await.map(|info| info.listen).unwrap_or_default();
    listens.iter().filter_map(|address| host_and_port(&address.to_string())).collect()
}

/// `host:port` of `/ip4/host/tcp/port`; none for an address that only this machine can reach.
fn host_and_port(address: &str) -> Option<String> {
    let parts: Vec<&str> = address.split('/').collect();
    let ["", kind, host, "tcp", port, ..] = parts[..] else { return None };
    let ip: std::net::IpAddr = host.parse().ok()?;
    let host = if kind == "ip6" { format!("[{host}]") } else { host.to_owned() };
    (!ip.is_loopback()).then(|| format!("{host}:{port}"))
}

impl Seat {
    fn own(node: &Node) -> Self {
        let (tip, address) = (node.ledger.tip(), node.wallet.address());
        Self {
            account: None,
            balance: None,
            fork: Some(tip.height.get()),
            heard: Some(0),
            height: Some(tip.height.get()),
            key: "own".to_owned(),
            kind: "own",
            mined: None,
            name: node.settings.name.as_ref().map(ToString::to_string),
            tip: Some(tip.hash.to_string()),
            wallet: Some(address.fingerprint()),
        }
    }

    /// Adds what the chain says of the node's wallet.
    fn add_wallet(&mut self, found: &HashMap<&str, &Wallet>) {
        let Some(fingerprint) = &self.wallet else { return };
        let wallet = found.get(fingerprint.as_str());
        self.account = wallet.map(|wallet| wallet.address.to_string());
        self.mined = Some(wallet.map_or(0, |wallet| wallet.mined));
        let zero = || RawValue::from_string("0".to_owned()).expect("a number is JSON");
        self.balance = Some(wallet.map_or_else(zero, |wallet| wallets::sum(wallet)));
    }
}

impl From<Peer> for Seat {
    fn from(peer: Peer) -> Self {
        let key = if peer.kind == "p2p" { peer.id } else { peer.address };
        Self {
            account: None,
            balance: None,
            fork: peer.fork,
            heard: peer.heard,
            height: peer.height,
            key: key.unwrap_or_default(),
            kind: peer.kind,
            mined: None,
            name: peer.name,
            tip: peer.tip,
            wallet: peer.wallet,
        }
    }
}

pub(in crate::api::handlers) fn board_doc() -> Endpoint {
    Endpoint::new("")
        .text(200, "text/html", "The page. It shows nodes to the owner only.")
        .empty(304, "The client has it.")
}

pub(in crate::api::handlers) fn nodes_doc() -> Endpoint {
    Endpoint::new(
        "This node, its neighbours, and its peers of the peer-to-peer network that are connected or were within ten minutes. Mined blocks \
         and balances are those of the chain that this node has.",
    )
    .json::<Class>(200, "The nodes.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::{ask, get, json};
    use crate::node::testing;
    use crate::peers::NeighbourState;

    #[test]
    fn others_join_at_addresses_that_they_can_reach() {
        for (address, expected) in [
            ("/ip4/192.0.2.5/tcp/6000", Some("192.0.2.5:6000")),
            ("/ip6/2001:db8::5/tcp/6000", Some("[2001:db8::5]:6000")),
            ("/ip4/127.0.0.1/tcp/6000", None),
            ("/ip6/::1/tcp/6000", None),
            ("/dns4/node/tcp/6000", None),
        ] {
            assert_eq!(host_and_port(address).as_deref(), expected, "{address}");
        }
    }

    fn neighbour(wallet: Option<&str>) -> Peer {
        let mut state = NeighbourState::default();
        state.said.id = Some("12D3".into());
        state.said.wallet = wallet.map(str::to_owned);
        Peer::from((state, "192.0.2.7:5001".parse().unwrap()))
    }

    #[test]
    fn key_of_a_neighbour_is_its_address() {
        assert_eq!(Seat::from(neighbour(None)).key, "192.0.2.7:5001");
    }

    #[test]
    fn only_a_known_wallet_has_a_balance() {
        let seat = |peer: Peer| {
            let mut seat = Seat::from(peer);
            seat.add_wallet(&HashMap::new());
            (seat.mined, seat.balance.map(|sum| sum.get().to_owned()))
        };
        assert_eq!(seat(neighbour(None)), (None, None));
        assert_eq!(seat(neighbour(Some("77cc"))), (Some(0), Some("0".to_owned())));
    }

    #[actix_web::test]
    async fn board_shows_this_node_and_its_neighbours() {
        let directory = tempdir().unwrap();
        let node = testing::node(directory.path(), &["--difficulty", "0", "--name", "heron"]);
        let node = Data::new(node);
        assert_eq!(ask(&node, get("/mine")).await.status, 200);
        node.ledger.add_peers(vec!["192.0.2.7:5001".parse().unwrap()]).await.unwrap();
        let class = json(&node, "/class/nodes").await;
        assert_eq!((&class["join"], &class["length"]), (&json!([]), &json!(2)));
        let wallet = node.wallet.address();
        let own = json!({
            "account": wallet.as_str(), "balance": 1, "fork": 2, "heard": 0, "height": 2, "key": "own", "kind": "own",
            "mined": 1, "name": "heron", "tip": node.ledger.tip().hash.to_string(), "wallet": wallet.fingerprint(),
        });
        assert_eq!(class["nodes"][0], own);
        let other = &class["nodes"][1];
        assert_eq!((&other["key"], &other["kind"]), (&json!("192.0.2.7:5001"), &json!("http")));
        let page = ask(&node, get("/class")).await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    }
}
