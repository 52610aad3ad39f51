//! HTTP neighbours that are in the peer-to-peer network, too, and those that only say so.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};

use serde_json::json;

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::{Peer, endless_head, until_left};
use crate::network::nodes::dialling;

/// The id of a peer that no test has.
const STRANGER: &str = "12D3KooWGzBXWNvHpLALvWdYsJVqCRSqPMnpDKqeYwxMBSpe33a8";

fn register(node: &Node, neighbour: &str) {
    let answer = node.register(&[neighbour]);
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[test]
fn registered_neighbours_are_one_network() {
    let (first, second) = (dialling(&[]).start(), dialling(&[]).start());
    first.mine();
    register(&first, &second.address.to_string());
    [&first, &second].iter().for_each(|node| node.until_connected(1));
    second.until_agrees_with(&first);
    let paid = second.accept(&pay("bob", "5"));
    eventually("the payment arrives", || first.pool() == [paid.clone()]);
    first.mine();
    second.until_agrees_with(&first);
    assert_eq!((second.pool(), second.payments().len()), (vec![], 1));
    assert!(!first.stop().stderr.iter().any(|line| line.contains("not linked")));
}

#[test]
fn neighbour_of_an_earlier_run_is_linked_at_the_start() {
    let neighbour = dialling(&[]).start();
    let launch = Launch::usual();
    let node = launch.start();
    register(&node, &neighbour.address.to_string());
    node.stop();
    assert_eq!(neighbour.p2p()["connected"], 0);
    let node = launch.flag("p2p-port", "0").start();
    node.until_connected(1);
}

#[test]
fn neighbour_of_another_network_is_named_once() {
    let node = dialling(&[]).start();
    let other = dialling(&[]).flag("network", "lesson-7").start();
    register(&node, &other.address.to_string());
    node.log.find("belongs to another network, /ledger/lesson-7/classic/2").unwrap();
    eventually("the nodes disconnect", || node.p2p()["connected"] == 0 && other.p2p()["connected"] == 0);
    let log = node.stop().stderr;
    assert_eq!(log.iter().filter(|line| line.contains("another network")).count(), 1, "{log:#?}");
}

#[test]
fn neighbour_without_a_status_stays_an_http_neighbour() {
    let python = Peer::sending("HTTP/1.0 404 NOT FOUND\r\nContent-Length: 0\r\n\r\n");
    let node = dialling(&[]).start();
    register(&node, &python.address());
    eventually("the neighbour is asked", || python.asked() == 1);
    // By the time that the log names a second neighbour, the first has answered.
    assert_not_linked(&node, &Peer::with_body("dear diary"), "its /status is not that of a node");
    assert_eq!(node.nodes().len(), 2);
    let log = node.stop().stderr;
    assert_eq!(log.iter().filter(|line| line.contains("WARN")).count(), 1, "{log:#?}");
}

/// A neighbour with this status.
fn with_status(p2p: &serde_json::Value) -> Peer {
    Peer::with_body(json!({ "p2p": p2p }).to_string())
}

/// Registers a neighbour. Checks that the log says why it is not linked, and that the node still serves, without a peer.
fn assert_not_linked(node: &Node, neighbour: &Peer, why: &str) {
    register(node, &neighbour.address());
    let line = node.log.find(&format!("neighbour {} is not linked", neighbour.address())).unwrap();
    assert!(line.contains(why), "{line}");
    assert_eq!(node.get("/chain?limit=1").status, 200);
    let peers = node.get("/peers").json()["peers"].take();
    assert!(peers.as_array().unwrap().iter().all(|peer| peer["kind"] == "http"), "{peers}");
    assert_eq!(node.p2p()["connected"], 0);
}

#[test]
fn neighbour_that_names_a_million_addresses_is_not_read_to_the_end() {
    let listen: Vec<_> = (0..1_000_000).map(|port| format!("/ip4/127.0.0.1/tcp/{}", port % 65_536)).collect();
    let neighbour = with_status(&json!({ "id": STRANGER, "listen": listen }));
    assert_not_linked(&dialling(&[]).start(), &neighbour, "its /status has more than 65536 bytes");
}

#[test]
fn neighbour_with_an_invalid_status_is_not_linked() {
    let node = dialling(&[]).start();
    assert_not_linked(&node, &Peer::with_body("dear diary"), "its /status is not that of a node");
    let no_id = with_status(&json!({ "id": "me", "listen": [] }));
    assert_not_linked(&node, &no_id, "its /status names an invalid p2p id: me");
    let nowhere = with_status(&json!({ "id": STRANGER, "listen": ["/dns/example.org/tcp/80"] }));
    assert_not_linked(&node, &nowhere, "no p2p port of its host");
    let ourselves = with_status(&json!({ "id": node.p2p()["id"], "listen": node.p2p()["listen"] }));
    assert_not_linked(&node, &ourselves, "it is this node itself");
}

#[test]
fn neighbour_with_an_endless_status_is_abandoned() {
    let neighbour = Peer::with_handler(|stream| {
        let _ = stream.write_all(endless_head().as_bytes()).and_then(|()| stream.write_all(b"{"));
        until_left(stream);
    });
    let node = dialling(&[]).flag("peer-timeout", "1").start();
    assert_not_linked(&node, &neighbour, "its /status did not come within 1s");
}

#[test]
#[cfg(target_os = "linux")]
fn node_dials_no_other_host_than_the_neighbours() {
    let (victim, own) = same_port();
    let port = victim.local_addr().unwrap().port();
    let listen = [format!("/ip4/127.0.0.2/tcp/{port}"), "/ip4/127.0.0.2/tcp/1".into()];
    let neighbour = with_status(&json!({ "id": STRANGER, "listen": listen }));
    let dialled = std::thread::spawn(move || own.accept().unwrap());
    assert_not_linked(&dialling(&[]).start(), &neighbour, "");
    dialled.join().expect("the neighbour's host is dialled");
    victim.set_nonblocking(true).unwrap();
    assert_eq!(victim.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

/// Listeners on two hosts and one port.
#[cfg(target_os = "linux")]
fn same_port() -> (TcpListener, TcpListener) {
    loop {
        let victim = TcpListener::bind("127.0.0.2:0").unwrap();
        let port = victim.local_addr().unwrap().port();
        if let Ok(own) = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))) {
            return (victim, own);
        }
    }
}
