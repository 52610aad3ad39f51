//! The neighbours: `/nodes`, `/nodes/register` and `/nodes/resolve` (tutorial, section 8.3), and removing one.

use std::collections::BTreeSet;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use ledger_core::{NodeAddress, NodeAddressError, canonical};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::doc::shapes::{Comparison, SentNodes};
use crate::api::doc::{Endpoint, of_format};
use crate::api::request::{Members, PathText, body};
use crate::api::response::{After, Framing, created, object, ok, whole};
use crate::ledger::{ChangeError, MAX_PEERS};
use crate::node::Node;
use crate::peers::{Neighbour, Resolved, VetError};

/// An example of a body that registers neighbours.
const EXAMPLE: &str = r#"{"nodes": ["http://localhost:5001"]}"#;

/// The neighbours.
#[derive(Serialize, ToSchema)]
struct Nodes {
    /// Their number.
    length: usize,
    /// Each as `host:port`, sorted.
    nodes: Vec<String>,
}

/// The neighbours after a change.
#[derive(Serialize, ToSchema)]
struct Registered {
    /// The result.
    message: &'static str,
    /// All neighbours, each as `host:port`, sorted.
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
        return Err(ChangeError::TooManyPeers(all).into());
    }
    let addresses = node.vetting.vet(node.address, addresses).await.map_err(refused)?;
    let all = node.ledger.add_peers(addresses).await?;
    Ok(created(&Registered { message: "New nodes have been added", total_nodes: texts(all) }))
}

/// Removes the neighbour in the path.
pub(super) async fn unregister(
    node: Data<Node>,
    PathText(address): PathText,
) -> Result<HttpResponse, ApiError> {
    let address: NodeAddress = address.parse().map_err(bad_address)?;
    let Some(left) = node.ledger.remove_peer(address.clone()).await? else {
        return Err(ApiError::NotFound(format!("{address} is not a neighbour; /nodes lists them")));
    };
    Ok(ok(&Registered { message: "Node has been removed", total_nodes: texts(left) }))
}

fn refused(error: VetError) -> ApiError {
    match error {
        VetError::Failed(panicked) => panicked.into(),
        refused => ApiError::Bad(format!("nodes: {refused}")),
    }
}

fn bad_address(error: NodeAddressError) -> ApiError {
    ApiError::Bad(format!("nodes: {error}"))
}

pub(super) async fn resolve(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let resolved = node.resolver.resolve().await?;
    whole(&node, &request, framing(&resolved)).await
}

/// The text around our chain in a resolve's answer. The members are sorted by name, so the chain may come first or last.
fn framing(resolved: &Resolved) -> Framing {
    let neighbours = object::list(resolved.neighbours.iter().map(neighbour));
    if resolved.replaced {
        let message = "Our chain was replaced";
        return Framing {
            before: format!("{{\"message\": \"{message}\", \"neighbours\": {neighbours}, \"new_chain\": [")
                .into(),
            after: After::Text("]}\n".into()),
        };
    }
    let message = "Our chain is authoritative";
    Framing {
        before: "{\"chain\": [".into(),
        after: After::Text(format!("], \"message\": \"{message}\", \"neighbours\": {neighbours}}}\n").into()),
    }
}

fn neighbour(neighbour: &Neighbour) -> String {
    let [address, outcome, reason] =
        [&neighbour.address, neighbour.outcome, &neighbour.reason].map(canonical::string_text);
    format!("{{\"address\": {address}, \"outcome\": {outcome}, \"reason\": {reason}}}")
}

fn parse(body: &[u8]) -> Result<Vec<NodeAddress>, ApiError> {
    let members = Members::parse(body, EXAMPLE)?;
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

pub(super) fn list_doc() -> Endpoint {
    Endpoint::new("").json::<Nodes>(200, "The neighbours.")
}

pub(super) fn register_doc() -> Endpoint {
    Endpoint::new("Known ones are ignored. If one address is refused, none is added.")
        .body::<SentNodes>("The neighbours to add.")
        .json::<Registered>(201, "All neighbours.")
        .refuses(400, &["Error: Please supply a valid list of nodes", "nodes: …"])
        .refuses(409, &["too many neighbours: at most 1000, and these would make 1003"])
}

pub(super) fn unregister_doc() -> Endpoint {
    Endpoint::new("")
        .path("host-port", "The neighbour's address.", of_format("node-address"))
        .json::<Registered>(200, "The neighbours that are left.")
        .refuses(
            400,
            &["nodes: \"localhost\" is not the address of a node; give http://host:port or host:port"],
        )
        .refuses(404, &["192.0.2.7:5000 is not a neighbour; /nodes lists them"])
}

pub(super) fn resolve_doc() -> Endpoint {
    Endpoint::new(
        "Asks every neighbour for its chain, and takes the longest valid one that is longer than ours.",
    )
    .json::<Comparison>(200, "Our chain, and what became of each neighbour.")
    .refuses(503, &["the node is stopping"])
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::{ask, json, node, post};

    #[actix_web::test]
    async fn neighbours_are_added_and_removed() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let added =
            ask(&node, post("/nodes/register", r#"{"nodes": ["http://192.0.2.8:5001", "192.0.2.7:5001"]}"#))
                .await;
        let both = json!(["192.0.2.7:5001", "192.0.2.8:5001"]);
        assert_eq!(added.status, 201, "{}", added.text);
        assert_eq!(added.json(), json!({"message": "New nodes have been added", "total_nodes": both}));
        assert_eq!(json(&node, "/nodes").await, json!({"length": 2, "nodes": both}));
        let remove = || TestRequest::delete().uri("/nodes/192.0.2.7:5001");
        let removed = ask(&node, remove()).await;
        assert_eq!(
            removed.json(),
            json!({"message": "Node has been removed", "total_nodes": ["192.0.2.8:5001"]})
        );
        let unknown = ask(&node, remove()).await;
        assert_eq!(
            (unknown.status, &*unknown.text),
            (404, "192.0.2.7:5001 is not a neighbour; /nodes lists them")
        );
        assert_eq!(ask(&node, TestRequest::delete().uri("/nodes/nowhere")).await.status, 400);
    }

    #[actix_web::test]
    async fn invalid_or_too_long_list_is_refused() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let many: Vec<String> =
            (0..=MAX_PEERS).map(|number| format!("192.0.2.7:{}", 1000 + number)).collect();
        for (body, status, says) in [
            (json!({}), 400, "Error: Please supply a valid list of nodes"),
            (json!({"nodes": "192.0.2.7:5001"}), 400, "Error: Please supply a valid list of nodes"),
            (json!({"nodes": [5]}), 400, "Error: Please supply a valid list of nodes"),
            (json!({"nodes": [], "more": 1}), 400, "unknown member \"more\"; known members: nodes"),
            (json!({"nodes": ["nowhere"]}), 400, "nodes: \"nowhere\" is not the address of a node"),
            (json!({"nodes": ["127.0.0.1:5000"]}), 400, "nodes: "),
            (json!({"nodes": many}), 409, "too many neighbours: at most 1000, and these would make 1001"),
        ] {
            let refused = ask(&node, post("/nodes/register", body)).await;
            assert_eq!(refused.status, status, "{}", refused.text);
            assert!(refused.text.starts_with(says), "{}", refused.text);
        }
        let most = json!({"nodes": many[1..]});
        assert_eq!(
            ask(&node, post("/nodes/register", most)).await.json()["total_nodes"].as_array().unwrap().len(),
            MAX_PEERS
        );
    }

    #[actix_web::test]
    async fn comparison_without_neighbours_keeps_our_chain() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let resolved = json(&node, "/nodes/resolve").await;
        assert_eq!(resolved["message"], "Our chain is authoritative");
        assert_eq!((&resolved["neighbours"], resolved["chain"].as_array().unwrap().len()), (&json!([]), 1));
    }

    #[test]
    fn comparison_shows_each_neighbour_around_the_chain() {
        let neighbour =
            Neighbour { address: "192.0.2.7:5001".into(), outcome: "adopted", reason: "a \"reason\"".into() };
        let shown = json!([{"address": "192.0.2.7:5001", "outcome": "adopted", "reason": "a \"reason\""}]);
        let mut resolved = Resolved { replaced: true, neighbours: vec![neighbour] };
        let text = |resolved: &Resolved| {
            let Framing { before, after: After::Text(after) } = framing(resolved) else { panic!("a length") };
            serde_json::from_str::<serde_json::Value>(&format!("{before}1{after}")).unwrap()
        };
        assert_eq!(
            text(&resolved),
            json!({"message": "Our chain was replaced", "neighbours": shown, "new_chain": [1]})
        );
        resolved.replaced = false;
        assert_eq!(
            text(&resolved),
            json!({"chain": [1], "message": "Our chain is authoritative", "neighbours": shown})
        );
    }
}
