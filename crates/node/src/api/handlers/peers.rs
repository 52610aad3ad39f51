//! `GET /peers`: the peers of both kinds, and what is known of each.

use actix_web::HttpResponse;
use actix_web::web::Data;
use ledger_core::{BlockHash, NodeAddress};
use p2p::{Direction, PeerInfo};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::doc::Endpoint;
use crate::api::response::ok;
use crate::node::Node;

/// The most peers of the peer-to-peer network in an answer. Connected ones come first, and are fewer.
const MAX_PEERS: usize = 200;

/// The peers.
#[derive(Serialize, ToSchema)]
struct Peers {
    /// Their number.
    length: usize,
    /// The neighbours, sorted, then at most 200 peers of the peer-to-peer network, connected ones first.
    peers: Vec<Peer>,
}

/// A peer.
#[derive(Serialize, ToSchema)]
struct Peer {
    /// `host:port`, or the address in the peer-to-peer network. Null if it is unknown.
    #[schema(required)]
    address: Option<String>,
    /// Its program, as it calls itself; null for neighbours.
    #[schema(required)]
    agent: Option<String>,
    /// Whether there is a connection. A neighbour is connected to only while it is asked.
    connected: bool,
    /// Who made the connection: `in` the peer, `out` this node. Null if there is none.
    #[schema(required)]
    direction: Option<&'static str>,
    /// The index of its last block, as it said itself; null for neighbours.
    #[schema(required)]
    height: Option<u64>,
    /// Its name in the peer-to-peer network; null for neighbours.
    #[schema(required)]
    id: Option<String>,
    /// "http" for a neighbour, "p2p" for a peer of the peer-to-peer network.
    kind: &'static str,
    /// What went wrong with it last; null for neighbours.
    #[schema(required)]
    last_error: Option<String>,
    /// 0 at best; it is banned at -50. Null for neighbours.
    #[schema(required)]
    score: Option<f64>,
    /// The hash of its last block, as it said itself; null for neighbours.
    #[schema(required)]
    tip: Option<String>,
}

/// Answers the peers of both kinds.
pub(super) async fn list(node: Data<Node>) -> HttpResponse {
    let mut peers: Vec<Peer> = node.ledger.peers().into_iter().map(Peer::from).collect();
    if let Some(network) = &node.network {
        let mut known = network.peers().await;
        known.sort_by_cached_key(|peer| (peer.direction.is_none(), peer.failures, peer.id.to_bytes()));
        peers.extend(known.into_iter().take(MAX_PEERS).map(Peer::from));
    }
    ok(&Peers { length: peers.len(), peers })
}

pub(super) fn doc() -> Endpoint {
    Endpoint::new("Neighbours are asked over HTTP when chains are compared. Peers of the peer-to-peer network send their news.")
        .json::<Peers>(200, "The peers.")
}

impl From<NodeAddress> for Peer {
    fn from(address: NodeAddress) -> Self {
        Self {
            address: Some(address.to_string()),
            agent: None,
            connected: false,
            direction: None,
            height: None,
            id: None,
            kind: "http",
            last_error: None,
            score: None,
            tip: None,
        }
    }
}

impl From<PeerInfo> for Peer {
    fn from(peer: PeerInfo) -> Self {
        let status = peer.status.as_ref();
        Self {
            address: peer.address.map(|address| address.to_string()),
            agent: peer.agent,
            connected: peer.direction.is_some(),
            direction: peer.direction.map(|direction| match direction {
                Direction::Inbound => "in",
                Direction::Outbound => "out",
            }),
            height: status.map(|status| status.height),
            id: Some(peer.id.to_string()),
            kind: "p2p",
            last_error: peer.last_error,
            score: Some(peer.score),
            tip: status.map(|status| BlockHash::from_bytes(status.tip.0).to_string()),
        }
    }
}
