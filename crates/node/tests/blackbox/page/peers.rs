//! `GET /peers`: neighbours, and peers of the peer-to-peer network.

use serde_json::json;

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::network::nodes::dialling;

#[test]
fn neighbours_and_peers_of_the_network_are_listed() {
    let other = dialling(&[]).start();
    other.mine();
    let node = dialling(&[&other]).start();
    node.until_connected(1);
    node.until_agrees_with(&other);
    node.register(&["127.0.0.1:1"]);
    other.mine();
    node.until_agrees_with(&other);
    let tip = other.get("/status").json()["tip"].take();
    eventually("the peer says where its chain ends", || node.get("/peers").json()["peers"][1]["tip"] == tip);
    eventually("the node finds where the chains part", || node.get("/peers").json()["peers"][1]["fork"] == 3);
    eventually("the neighbour does not answer", || {
        node.get("/peers").json()["peers"][0]["last_error"].is_string()
    });
    let answer = node.get("/peers").json();
    assert_eq!(answer["length"], 2);
    let neighbour = json!({
        "address": "127.0.0.1:1", "agent": null, "connected": false, "direction": null, "fork": null, "heard": null,
        "height": null, "id": null, "kind": "http", "last_error": "no answer: nothing listens there (connection refused)", "links": [],
        "name": null, "score": null, "tip": null, "wallet": null,
    });
    assert_eq!(answer["peers"][0], neighbour);
    let peer = &answer["peers"][1];
    assert_eq!(
        (&peer["kind"], &peer["connected"], &peer["height"]),
        (&json!("p2p"), &json!(true), &json!(3))
    );
    assert_eq!(peer["id"], other.p2p()["id"]);
    assert_eq!((&peer["fork"], &peer["name"]), (&json!(3), &json!(null)));
    assert!(peer["heard"].as_u64().is_some_and(|seconds| seconds < 60), "{peer}");
}

#[test]
fn node_without_peers_lists_none() {
    assert_eq!(Node::start().get("/peers").json(), json!({ "length": 0, "peers": [] }));
}

#[test]
fn state_and_links_of_a_neighbour_are_listed() {
    let far = Node::start();
    let near = Launch::usual().flag("name", "wren").start();
    near.register(&[&far.address.to_string()]);
    near.mine();
    let node = Node::start();
    node.register(&[&near.address.to_string()]);
    eventually("the neighbour answers", || !node.get("/peers").json()["peers"][0]["height"].is_null());
    let peer = node.get("/peers").json()["peers"][0].take();
    assert_eq!(
        (&peer["name"], &peer["height"], &peer["last_error"]),
        (&json!("wren"), &json!(2), &json!(null))
    );
    assert_eq!(peer["tip"], near.get("/status").json()["tip"]);
    assert_eq!(peer["links"], json!([far.address.to_string()]));
}
