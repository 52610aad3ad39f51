//! What the answer shows of a peer of each kind.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::tempdir;

use super::*;
use crate::api::testing::{ask, get, json, node};

fn peer(direction: Option<Direction>, seen: Option<u64>) -> PeerInfo {
    PeerInfo {
        id: PeerId::random(),
        address: "/ip4/192.0.2.7/tcp/6000".parse().ok(),
        direction,
        agent: Some("ledger/1.0 (77cc0f7c4ec8c82b; heron)".into()),
        status: Some(p2p::Status { height: 7, tip: p2p::BlockId([0xab; 32]), work: Default::default() }),
        score: -2.0,
        banned_seconds: None,
        last_seen: seen,
        failures: 0,
        last_error: Some("why".into()),
    }
}

fn shown(peer: impl Into<Peer>) -> Value {
    serde_json::to_value(peer.into()).unwrap()
}

#[test]
fn connected_peer_is_shown_with_what_it_said() {
    let found = peer(Some(Direction::Inbound), Some(5));
    let id = found.id.to_string();
    let expected = json!({
        "address": "/ip4/192.0.2.7/tcp/6000", "agent": "ledger/1.0", "connected": true, "direction": "in", "fork": null,
        "heard": 0, "height": 7, "id": id, "kind": "p2p", "last_error": "why", "links": [], "name": "heron",
        "score": -2.0, "tip": "ab".repeat(32), "wallet": "77cc0f7c4ec8c82b",
    });
    assert_eq!(shown(found), expected);
    assert_eq!(shown(peer(Some(Direction::Outbound), None))["direction"], "out");
}

#[test]
fn disconnected_peer_shows_when_it_was_heard() {
    let now = clock::millis() / 1000;
    for (seen, heard) in [(Some(now - 100), Some(100)), (Some(now + 100), Some(0)), (None, None)] {
        let gone = Peer::from(peer(None, seen));
        let is_right = match (gone.heard, heard) {
            // A second may have passed.
            (Some(found), Some(expected)) => (expected..=expected + 1).contains(&found),
            (found, expected) => found == expected,
        };
        assert!(is_right && !gone.connected && gone.direction.is_none(), "{seen:?}: {:?}", gone.heard);
    }
}

#[test]
fn neighbour_is_shown_with_what_it_said() {
    let heard = Instant::now().checked_sub(Duration::from_secs(5));
    let mut state = NeighbourState { heard, error: Some("no\nanswer".into()), ..NeighbourState::default() };
    state.said.height = Some(7);
    state.said.id = Some("12D3".into());
    state.said.links = vec!["192.0.2.8:5001".into()];
    state.said.name = Some("heron".into());
    state.said.tip = Some(BlockHash::of_text("a block"));
    state.said.wallet = Some("77cc".into());
    let expected = json!({
        "address": "192.0.2.7:5001", "agent": null, "connected": false, "direction": null, "fork": null,
        "height": 7, "id": "12D3", "kind": "http", "last_error": "no\\nanswer", "links": ["192.0.2.8:5001"],
        "name": "heron", "score": null, "tip": BlockHash::of_text("a block").to_string(), "wallet": "77cc",
    });
    let mut shown = shown((state, "192.0.2.7:5001".parse().unwrap()));
    let heard = shown.as_object_mut().unwrap().remove("heard").and_then(|heard| heard.as_u64());
    assert!(heard.is_some_and(|seconds| (5..60).contains(&seconds)), "{heard:?}");
    assert_eq!(shown, expected);
}

#[actix_web::test]
async fn tip_in_our_chain_is_the_fork() {
    let directory = tempdir().unwrap();
    let node = node(&directory);
    let genesis = node.ledger.tip().hash;
    assert_eq!(ask(&node, get("/mine")).await.status, 200);
    let tips = [Some(node.ledger.tip().hash), None, Some(BlockHash::of_text("no block")), Some(genesis)];
    assert_eq!(heights(&node, &tips).await.unwrap(), [Some(2), None, None, Some(1)]);
    let known = Peer { tip: Some(genesis.to_string()), ..Peer::default() };
    let found = with_forks(&node, vec![known, Peer::default()], HashMap::new()).await.unwrap();
    assert_eq!(found.iter().map(|peer| peer.fork).collect::<Vec<_>>(), [Some(1), None]);
}

#[actix_web::test]
async fn neighbours_are_among_the_peers() {
    let directory = tempdir().unwrap();
    let node = node(&directory);
    node.ledger.add_peers(vec!["192.0.2.7:5001".parse().unwrap()]).await.unwrap();
    let peers = json(&node, "/peers").await;
    assert_eq!((&peers["length"], &peers["peers"][0]["address"]), (&json!(1), &json!("192.0.2.7:5001")));
}
