//! `GET /peers`: the peers of both kinds, and what is known of each.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use ledger_core::{BlockHash, NodeAddress, Printable};
use p2p::{Direction, PeerId, PeerInfo};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::doc::Endpoint;
use crate::api::response::ok;
use crate::network::Agent;
use crate::node::Node;
use crate::peers::NeighbourState;
use crate::store::{StoreError, blocks};
use crate::system::clock;
use crate::system::threads::blocking;

/// The most peers of the peer-to-peer network in an answer. Connected ones come first, and are fewer than this.
const MAX_P2P_PEERS: usize = 200;

/// The peers.
#[derive(Serialize, ToSchema)]
struct Peers {
    /// Their number.
    length: usize,
    /// The neighbours, sorted, then at most 200 peers of the peer-to-peer network, connected ones first.
    peers: Vec<Peer>,
}

/// A peer. What it says of itself is not checked.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(super) struct Peer {
    /// `host:port`, or the address in the peer-to-peer network. Null if it is unknown.
    #[schema(required)]
    pub(super) address: Option<String>,
    /// Its program, as it calls itself; null for neighbours.
    #[schema(required)]
    agent: Option<String>,
    /// Whether there is a connection. A neighbour is connected to only while it is asked.
    connected: bool,
    /// Who made the connection: `in` the peer, `out` this node. Null if there is none.
    #[schema(required)]
    direction: Option<&'static str>,
    /// The index of the last block that its chain shares with ours; 0 if they share none, null if it is not known yet.
    #[schema(required)]
    pub(super) fork: Option<u64>,
    /// Seconds since it was last heard from; 0 while it is connected. Null if it never was.
    #[schema(required)]
    pub(super) heard: Option<u64>,
    /// The index of its last block.
    #[schema(required)]
    pub(super) height: Option<u64>,
    /// Its id in the peer-to-peer network. A neighbour reports its own.
    #[schema(required)]
    pub(super) id: Option<String>,
    /// "http" for a neighbour, "p2p" for a peer of the peer-to-peer network.
    pub(super) kind: &'static str,
    /// What went wrong with it last. For a neighbour: why its last answer is missing.
    #[schema(required)]
    last_error: Option<String>,
    /// The nodes to which a neighbour says it is linked: addresses of its neighbours, and ids in the peer-to-peer network.
    links: Vec<String>,
    /// The label that its owner gave it.
    #[schema(required)]
    pub(super) name: Option<String>,
    /// 0 at best; it is banned at -50. Null for neighbours.
    #[schema(required)]
    score: Option<f64>,
    /// The hash of its last block.
    #[schema(required)]
    pub(super) tip: Option<String>,
    /// The fingerprint of its wallet. A peer of the network reports it if it has a name.
    #[schema(required)]
    pub(super) wallet: Option<String>,
}

/// Answers the peers of both kinds.
pub(super) async fn list(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let peers = all(&node).await?;
    Ok(ok(&Peers { length: peers.len(), peers }))
}

/// The peers of both kinds.
pub(super) async fn all(node: &Node) -> Result<Vec<Peer>, ApiError> {
    let neighbours = node.ledger.peers();
    let mut states = node.neighbours.of(&neighbours);
    let state = |address: NodeAddress| (states.remove(&address).unwrap_or_default(), address);
    let mut peers: Vec<Peer> = neighbours.into_iter().map(state).map(Peer::from).collect();
    let Some(network) = &node.network else { return with_forks(node, peers, HashMap::new()).await };
    let mut known = network.peers().await;
    known.sort_by_cached_key(|peer| (peer.direction.is_none(), peer.failures, peer.id.to_bytes()));
    known.truncate(MAX_P2P_PEERS);
    let connected = known.iter().filter(|peer| peer.direction.is_some());
    let ids = connected.map(|peer| (peer.id.to_string(), peer.id)).collect();
    peers.extend(known.into_iter().map(Peer::from));
    with_forks(node, peers, ids).await
}

/// The names of nodes that this node knows, by the fingerprints of their wallets.
pub(super) async fn names(node: &Node) -> HashMap<String, String> {
    let own = node.settings.name.as_ref().map(|name| (node.wallet.address().fingerprint(), name.to_string()));
    let states = node.neighbours.of(&node.ledger.peers());
    let neighbours = states.into_values().filter_map(|state| state.said.wallet.zip(state.said.name));
    let peers = match &node.network {
        Some(network) => network.peers().await,
        None => Vec::new(),
    };
    let agents = peers.iter().filter_map(|peer| peer.agent.as_deref().map(Agent::read));
    let peers = agents.filter_map(|agent| agent.wallet.zip(agent.name));
    // Our own name comes last, so that no peer can replace it.
    neighbours.chain(peers).chain(own).collect()
}

/// Adds the height at which each peer's chain parts from ours. `ids` are the peers that can be asked.
async fn with_forks(
    node: &Node,
    mut peers: Vec<Peer>,
    ids: HashMap<String, PeerId>,
) -> Result<Vec<Peer>, ApiError> {
    let tips: Vec<Option<BlockHash>> = peers.iter().map(Peer::tip).collect();
    let ours = heights(node, &tips).await?;
    let unknown = peers.iter().zip(&tips).zip(&ours).filter(|(_, height)| height.is_none());
    let asked =
        unknown.filter_map(|((peer, tip), _)| Some((*ids.get(peer.id.as_ref()?)?, (*tip)?))).collect();
    let forks = match &node.network {
        Some(network) => network.forks(&node.ledger, asked).await,
        None => HashMap::new(),
    };
    for (peer, height) in peers.iter_mut().zip(ours) {
        let asked = || forks.get(ids.get(peer.id.as_ref()?)?).copied();
        peer.fork = height.or_else(asked);
    }
    Ok(peers)
}

/// The height of each of these blocks in our chain, if it has the block.
async fn heights(node: &Node, tips: &[Option<BlockHash>]) -> Result<Vec<Option<u64>>, ApiError> {
    let (ledger, tips) = (node.ledger.clone(), tips.to_vec());
    let read = blocking("looking for peers' tips", move || {
        ledger.readers().snapshot_for_client(|snapshot| {
            let height = |tip: Option<BlockHash>| match tip {
                Some(tip) => blocks::height_of(snapshot, tip),
                None => Ok(None),
            };
            tips.into_iter().map(height).collect::<Result<_, StoreError>>()
        })
    });
    Ok(read.await??)
}

pub(super) fn doc() -> Endpoint {
    Endpoint::new(
        "Neighbours are asked over HTTP when chains are compared, and for this answer, at most every four seconds: it shows what they \
         said before. Peers of the peer-to-peer network send their news.",
    )
    .json::<Peers>(200, "The peers.")
}

impl Peer {
    fn tip(&self) -> Option<BlockHash> {
        self.tip.as_ref()?.parse().ok()
    }
}

impl From<(NeighbourState, NodeAddress)> for Peer {
    fn from((state, address): (NeighbourState, NodeAddress)) -> Self {
        let said = state.said;
        Self {
            address: Some(address.to_string()),
            heard: state.heard.map(|heard| heard.elapsed().as_secs()),
            height: said.height,
            id: said.id,
            kind: "http",
            last_error: state.error.map(|error| Printable::foreign(error).to_string()),
            links: said.links,
            name: said.name,
            tip: said.tip.map(|tip| tip.to_string()),
            wallet: said.wallet,
            ..Self::default()
        }
    }
}

impl From<PeerInfo> for Peer {
    fn from(peer: PeerInfo) -> Self {
        let (status, agent) = (peer.status.as_ref(), peer.agent.as_deref().map(Agent::read));
        let (name, wallet) = agent.clone().map(|agent| (agent.name, agent.wallet)).unwrap_or_default();
        let since = |seen: u64| (clock::millis() / 1000).saturating_sub(seen);
        Self {
            address: peer.address.map(|address| address.to_string()),
            agent: agent.map(|agent| agent.program),
            connected: peer.direction.is_some(),
            direction: peer.direction.map(|direction| match direction {
                Direction::Inbound => "in",
                Direction::Outbound => "out",
            }),
            heard: if peer.direction.is_some() { Some(0) } else { peer.last_seen.map(since) },
            height: status.map(|status| status.height),
            id: Some(peer.id.to_string()),
            kind: "p2p",
            last_error: peer.last_error,
            name,
            score: Some(peer.score),
            tip: status.map(|status| BlockHash::from_bytes(status.tip.0).to_string()),
            wallet,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
