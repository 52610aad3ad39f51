//! Peers of both kinds.

use serde_json::json;

use crate::harness::eventually;
use crate::harness::node::Node;
use crate::network::nodes::dialling;

#[test]
fn neighbours_and_peers_of_the_network_are_listed() {
    let other = dialling(&[]).start();
    other.mine();
    let node = dialling(&[&other]).start();
    node.until_connected(1);
    node.until_agrees_with(&other);
    node.register(&["localhost:5001"]);
    other.mine();
    node.until_agrees_with(&other);
    let tip = other.get("/status").json()["tip"].take();
    eventually("the peer says where its chain ends", || node.get("/peers").json()["peers"][1]["tip"] == tip);
    let answer = node.get("/peers").json();
    assert_eq!(answer["length"], 2);
    let neighbour = json!({
        "address": "localhost:5001", "agent": null, "connected": false, "direction": null, "height": null, "id": null,
        "kind": "http", "last_error": null, "score": null, "tip": null,
    });
    assert_eq!(answer["peers"][0], neighbour);
    let peer = &answer["peers"][1];
    assert_eq!(
        (&peer["kind"], &peer["connected"], &peer["height"]),
        (&json!("p2p"), &json!(true), &json!(3))
    );
    assert_eq!(peer["id"], other.p2p()["id"]);
}

#[test]
fn node_without_peers_lists_none() {
    assert_eq!(Node::start().get("/peers").json(), json!({ "length": 0, "peers": [] }));
}
