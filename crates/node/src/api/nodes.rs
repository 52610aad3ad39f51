//! `GET /nodes`, `POST /nodes/register` and `GET /nodes/resolve` (tutorial, section 8.3).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Payload};
use ledger_core::NodeAddress;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::members::Members;
use super::{ApiError, body, chain, created, ok};
use crate::ledger::{Framing, MAX_PEERS, Refused};
use crate::peers::find_ourselves;
use crate::server::Node;

/// How long looking up the names of new neighbours may take.
const LOOK_UP: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct Nodes {
    length: usize,
    nodes: Vec<String>,
}

#[derive(Serialize)]
struct Registered {
    message: &'static str,
    total_nodes: Vec<String>,
}

pub(super) async fn list(node: Data<Node>) -> HttpResponse {
    let nodes = texts(node.ledger.peers());
    ok(&Nodes { length: nodes.len(), nodes })
}

pub(super) async fn register(node: Data<Node>, payload: Payload) -> Result<HttpResponse, ApiError> {
    let addresses = parse(&body::read(payload).await?)?;
    if addresses.len() > MAX_PEERS {
        return Err(Refused::TooManyPeers.into());
    }
    let addresses = without_ourselves(node.address, addresses).await?;
    let all = node.ledger.add_peers(addresses).await?;
    tracing::info!("neighbours known: {}", all.len());
    Ok(created(&Registered { message: "New nodes have been added", total_nodes: texts(all) }))
}

/// Answers the addresses again if none of them leads to this node. Looking up names may take long, so one
/// request does it at a time.
async fn without_ourselves(
    ours: SocketAddr,
    addresses: Vec<NodeAddress>,
) -> Result<Vec<NodeAddress>, ApiError> {
    static TURN: Mutex<()> = Mutex::const_new(());
    let slow =
        |_| ApiError::Bad("nodes: their names could not be looked up in time; give IP addresses".into());
    let deadline = Instant::now() + LOOK_UP;
    let turn = timeout(LOOK_UP, TURN.lock()).await.map_err(slow)?;
    let checked = web::block(move || {
        let _turn = turn;
        match find_ourselves(&addresses, ours, deadline) {
            Ok(None) => Ok(addresses),
            Ok(Some(address)) => Err(ApiError::Bad(format!("nodes: {address} is this node itself"))),
            Err(address) => Err(ApiError::Bad(format!(
                "nodes: {address} could not be looked up in time; give IP addresses"
            ))),
        }
    });
    timeout(LOOK_UP, checked).await.map_err(slow)?.map_err(|_| ApiError::Failed)?
}

const REPLACED: Framing = Framing {
    before: "{\"message\": \"Our chain was replaced\", \"new_chain\": [",
    after: |_| "]}\n".into(),
};

const AUTHORITATIVE: Framing = Framing {
    before: "{\"chain\": [",
    after: |_| "], \"message\": \"Our chain is authoritative\"}\n".into(),
};

pub(super) async fn resolve(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let replaced = node.resolver.resolve().await?;
    chain::whole(&node, if replaced { REPLACED } else { AUTHORITATIVE }).await
}

fn parse(body: &[u8]) -> Result<Vec<NodeAddress>, ApiError> {
    let members = Members::parse(body)?;
    if !members.json("nodes").starts_with('[') {
        return Err(ApiError::NoNodes);
    }
    members.only(&["nodes"])?;
    let texts: Vec<String> = serde_json::from_str(members.json("nodes")).map_err(|_| ApiError::NoNodes)?;
    let parse = |text: &String| text.parse().map_err(|error| ApiError::Bad(format!("nodes: {error}")));
    texts.iter().map(parse).collect()
}

fn texts(addresses: impl IntoIterator<Item = NodeAddress>) -> Vec<String> {
    addresses.into_iter().map(|address| address.to_string()).collect()
}
