//! Nodes of other networks.

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::harness::raw::Raw;
use crate::network::nodes::dialling;

/// Starts `other`, which dials a node with a longer chain, and checks that they disconnect.
fn assert_parts(other: impl FnOnce(&Node) -> Launch, network: &str) {
    let node = dialling(&[]).start();
    node.mine();
    let other = other(&node).start();
    let line = node.log.find("belongs to another network").unwrap();
    assert!(line.contains(network), "{line}");
    other.log.find("belongs to another network, /ledger/tutorial/classic/2").unwrap();
    eventually("the nodes disconnect", || node.p2p()["connected"] == 0 && other.p2p()["connected"] == 0);
    assert_eq!(other.chain().len(), 1, "no block comes from another network");
}

#[test]
fn node_of_another_network_is_reported_and_disconnected() {
    assert_parts(|node| dialling(&[node]).flag("network", "lesson-7"), "/ledger/lesson-7/classic/2");
}

#[test]
fn node_of_another_difficulty_is_reported_and_disconnected() {
    assert_parts(|node| dialling(&[node]).flag("difficulty", "3"), "/ledger/tutorial/classic/3");
}

#[test]
fn wrong_settings_of_the_network_are_refused() {
    for (flag, value, says) in [
        ("--network", "Lesson 7", "invalid network name: expected 1 to 32 lower-case letters"),
        ("--peer", "10.0.0.7", "invalid peer address \"10.0.0.7\": expected host:port"),
        ("--p2p-port", "70000", "a port must be a number from 0 to 65535"),
    ] {
        let ended = Launch::usual().argument(&format!("{flag}={value}")).end();
        assert_ne!(ended.code, Some(0));
        assert!(ended.stderr.join("\n").contains(says), "{:#?}", ended.stderr);
    }
}

#[test]
fn taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let launch = Launch::usual().flag("p2p-port", &port);
    let ended = launch.end();
    assert_eq!(ended.code, Some(1));
    let says = format!("port {port} is taken; is another node running? choose another port with --p2p-port");
    assert!(ended.stderr.join("\n").contains(&says), "{:#?}", ended.stderr);
    assert!(!launch.folder().join("data").exists(), "nothing was created");
}

#[test]
fn unreachable_peer_is_named() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let other = Node::start();
    let http = other.address.port();
    let launch = Launch::usual().argument(&format!("--peer=127.0.0.1:{closed}"));
    let node = launch.argument(&format!("--peer=/ip4/127.0.0.1/tcp/{http}")).start();
    for (port, why) in [(closed, "nothing listens there"), (http, "is it a p2p port?")] {
        let line = node.log.find(&format!("p2p: cannot reach /ip4/127.0.0.1/tcp/{port}: ")).unwrap();
        assert!(line.contains(why), "{line}");
    }
}

#[test]
fn crowd_of_strangers_leaves_descriptors_to_clients() {
    let node = dialling(&[]).open_files(80).start();
    let address = node.p2p_address();
    let port: u16 = address.split('/').nth(4).unwrap().parse().unwrap();
    // More connections than the process may open. Most are closed at once.
    let crowd: Vec<Raw> = (0..150).map(|number| Raw::to(([127, 0, 0, 1], port).into(), 1 + number)).collect();
    assert_eq!(node.get("/chain?limit=1").status, 200);
    // A block needs descriptors, too.
    node.mine();
    drop(crowd);
    node.signal("TERM");
    let log = node.ended().stderr;
    assert!(!log.iter().any(|line| line.contains("os error 24")), "{log:#?}");
}
