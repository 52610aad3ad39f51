//! Removing neighbours.

use serde_json::json;

use crate::harness::http::{Answer, request};
use crate::harness::launch::Launch;
use crate::harness::node::Node;

fn remove(node: &Node, address: &str) -> Answer {
    request("DELETE", &node.url(&format!("/nodes/{address}")))
}

#[test]
fn removal_leaves_other_neighbours() {
    let node = Node::start();
    node.register(&["localhost:7001", "localhost:7002", "127.0.0.1:7001"]);
    let answer = remove(&node, "localhost:7001");
    let left = json!(["127.0.0.1:7001", "localhost:7002"]);
    let expected = json!({"message": "Node has been removed", "total_nodes": left});
    assert_eq!((answer.status, answer.json()), (200, expected));
    assert_eq!(node.get("/nodes").json(), json!({"length": 2, "nodes": left}));
}

#[test]
fn removal_parses_addresses_like_registration() {
    let node = Node::start();
    for (registered, removed) in [
        ("LOCALHOST:7001", "LocalHost:7001"),
        ("[::1]:7001", "[::1]:7001"),
        ("[::1]:7001", "%5B::1%5D:7001"),
        ("[::1]:7001", "%5b%3a%3a1%5d%3a7001"),
        ("http://localhost:7001/", "http:%2F%2Flocalhost:7001"),
        ("localhost:7001", "localhost:07001"),
    ] {
        assert_eq!(node.register(&[registered]).status, 201);
        let answer = remove(&node, removed);
        assert_eq!(answer.status, 200, "{removed}: {}", answer.text);
        assert!(node.nodes().is_empty());
    }
}

#[test]
fn unknown_neighbour_is_not_found() {
    let node = Node::start();
    node.register(&["localhost:7001"]);
    assert_eq!(remove(&node, "localhost:7001").status, 200);
    remove(&node, "localhost:7001").assert_says(404, "localhost:7001 is not a neighbour; /nodes lists them");
    remove(&node, "127.0.0.1:7001").assert_says(404, "127.0.0.1:7001 is not a neighbour; /nodes lists them");
    for bad in [
        "localhost",
        "https:%2F%2Flocalhost:7001",
        "localhost:0",
        "a%20b:1",
        "%0aINFO:1",
        "localhost:7001%00",
    ] {
        let answer = remove(&node, bad);
        answer.assert_refusal(bad);
        assert_eq!(answer.status, 400, "{bad}");
    }
    assert_eq!(remove(&node, "a%ff:1").status, 400);
}

#[test]
fn removal_survives_a_restart() {
    let launch = Launch::usual();
    let node = launch.start();
    node.register(&["localhost:7001", "localhost:7002"]);
    assert_eq!(remove(&node, "localhost:7001").status, 200);
    node.signal("KILL");
    node.ended();
    assert_eq!(launch.start().nodes(), ["localhost:7002"]);
}

#[test]
fn removed_neighbour_makes_room() {
    let node = Node::start();
    let names: Vec<String> = (0..1000).map(|n| format!("127.0.0.1:{}", 10_000 + n)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(node.register(&names).status, 201);
    assert_eq!(node.register(&["localhost:7001"]).status, 409);
    assert_eq!(remove(&node, names[500]).status, 200);
    assert_eq!(node.register(&["localhost:7001"]).status, 201);
}

#[test]
fn removed_neighbour_is_no_longer_queried() {
    let (node, other) = (Node::start(), Node::start());
    other.mine();
    let address = other.address.to_string();
    node.register(&[&address]);
    assert_eq!(remove(&node, &address).status, 200);
    assert!(!node.resolve());
    node.register(&[&address]);
    assert!(node.resolve());
}
