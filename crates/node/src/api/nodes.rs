//! The neighbours: `/nodes`, `/nodes/register` and `/nodes/resolve` (tutorial, section 8.3), and removing one.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Payload};
use ledger_core::{NodeAddress, NodeAddressError};
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::encoding::PathText;
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
    let all = node.ledger.peers().into_iter().chain(addresses.iter().cloned()).collect::<BTreeSet<_>>().len();
    if all > MAX_PEERS {
        return Err(Refused::TooManyPeers(all).into());
    }
    let addresses = without_ourselves(node.address, addresses).await?;
    let all = node.ledger.add_peers(addresses).await?;
    tracing::info!("registered neighbours ({} known)", all.len());
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

/// Removes the neighbour that the path names.
pub(super) async fn unregister(
    node: Data<Node>,
    PathText(address): PathText,
) -> Result<HttpResponse, ApiError> {
    let address: NodeAddress = address.parse().map_err(bad_address)?;
    let Some(left) = node.ledger.remove_peer(address.clone()).await? else {
        return Err(ApiError::NotFound(format!("{address} is no neighbour; /nodes lists them")));
    };
    tracing::info!("removed neighbour {address} ({} left)", left.len());
    Ok(ok(&Registered { message: "Node has been removed", total_nodes: texts(left) }))
}

fn bad_address(error: NodeAddressError) -> ApiError {
    ApiError::Bad(format!("nodes: {error}"))
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
    texts.iter().map(|text| text.parse().map_err(bad_address)).collect()
}

fn texts(addresses: impl IntoIterator<Item = NodeAddress>) -> Vec<String> {
    addresses.into_iter().map(|address| address.to_string()).collect()
}
