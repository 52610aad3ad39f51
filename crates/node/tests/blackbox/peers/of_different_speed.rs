//! A slow peer does not delay a longer chain, and a resolve goes on after its client hangs up.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use ledger_core::{Members, Timestamp};

use crate::harness::durable::staged;
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, grown, texts};
use crate::harness::node::Node;
use crate::harness::peer::{Peer, head, until_left};
use crate::harness::raw::Raw;

/// A node that calls a peer slow after a second, and waits for it longer than any test.
fn node_with(peers: &[&Peer]) -> Node {
    let node = Launch::usual().flag("peer-timeout", "1").flag("peer-first-byte", "600").start();
    register(&node, peers);
    node
}

fn register(node: &Node, peers: &[&Peer]) {
    let addresses: Vec<String> = peers.iter().map(|peer| peer.address()).collect();
    let answer = node.register(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(answer.status, 201);
}

/// A peer that never answers.
fn silent() -> Peer {
    Peer::with_handler(until_left)
}

/// A chain with another genesis.
fn other_chain(genesis: u64, length: usize) -> Vec<Members<'static>> {
    grown(vec![Members::genesis(Timestamp::from_micros(genesis))], length - 1)
}

fn write(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}

/// A peer that sends the first blocks, and the rest once the sender is triggered.
fn held_back(chain: &[Members], at_first: usize) -> (Peer, Sender<()>) {
    let body = answer(&texts(chain));
    let first = at_first.min(body.len());
    let (go, receiver): (Sender<()>, Receiver<()>) = channel();
    let receiver = Mutex::new(receiver);
    let peer = Peer::with_handler(move |stream| {
        write(stream, &head(body.len()));
        write(stream, &body[..first]);
        let _ = receiver.lock().unwrap().recv();
        write(stream, &body[first..]);
    });
    (peer, go)
}

fn until_chain(node: &Node, expected: &[Members]) {
    eventually("the longer chain is adopted", || node.chain() == expected);
}

#[test]
fn slow_peer_does_not_delay_a_longer_chain() {
    let (slow, good) = (silent(), Peer::with_chain(&chain(4)));
    let node = node_with(&[&slow, &good]);
    let mut asking = Raw::open(&node);
    asking.ask("GET", "/nodes/resolve");
    until_chain(&node, &chain(4));
    assert_eq!(slow.asked(), 1);
    drop(slow);
}

#[test]
fn hung_up_client_does_not_stop_a_resolve() {
    let (peer, go) = held_back(&chain(4), 100);
    let node = Launch::usual().start();
    register(&node, &[&peer]);
    let mut asking = Raw::open(&node);
    asking.ask("GET", "/nodes/resolve");
    eventually("the peer is asked", || peer.asked() == 1);
    drop(asking);
    assert_eq!(node.get("/nodes").status, 200);
    go.send(()).unwrap();
    until_chain(&node, &chain(4));
}

#[test]
fn still_longer_chain_is_adopted_later() {
    let longest = other_chain(7, 6);
    let (later, go) = held_back(&longest, 0);
    let node = Launch::usual().start();
    let good = Peer::with_chain(&chain(4));
    register(&node, &[&good, &later]);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| node.get("/nodes/resolve").json());
        until_chain(&node, &chain(4));
        go.send(()).unwrap();
        let answer = asking.join().unwrap();
        assert_eq!(answer["message"], "Our chain was replaced");
        assert_eq!(answer["new_chain"].as_array().unwrap().len(), 6);
    });
    assert_eq!(node.chain(), longest);
}

#[test]
fn extension_of_replaced_blocks_is_fetched_again() {
    let ours = chain(3);
    let (same, node) = (Peer::with_chain(&ours), Launch::usual().start());
    register(&node, &[&same]);
    assert!(node.resolve());
    let (longest, between) = (grown(ours, 5), other_chain(7, 6));
    let (later, go_later) = held_back(&longest, answer(&texts(&longest[..5])).len());
    let (other, go_other) = held_back(&between, 0);
    register(&node, &[&later, &other]);
    let mut asking = Raw::open(&node);
    asking.ask("GET", "/nodes/resolve");
    eventually("the longest chain is on its way", || staged(&node.launch) > 0);
    go_other.send(()).unwrap();
    until_chain(&node, &between);
    (0..2).for_each(|_| go_later.send(()).unwrap());
    until_chain(&node, &longest);
    assert_eq!(asking.answer().unwrap().json()["new_chain"].as_array().unwrap().len(), longest.len());
    assert_eq!((later.asked(), other.asked()), (2, 1));
}

#[test]
fn request_during_a_slow_round_queries_new_peers() {
    let slow = silent();
    let node = node_with(&[&slow]);
    let mut first = Raw::open(&node);
    first.ask("GET", "/nodes/resolve");
    eventually("the slow peer is asked", || slow.asked() == 1);
    let good = Peer::with_chain(&chain(4));
    register(&node, &[&good]);
    let mut second = Raw::open(&node);
    second.ask("GET", "/nodes/resolve");
    until_chain(&node, &chain(4));
    assert_eq!((slow.asked(), good.asked()), (1, 1));
}

#[test]
fn slow_peers_leave_room_for_others() {
    let slow: Vec<Peer> = (0..24).map(|_| silent()).collect();
    let good: Vec<Peer> = (0..24).map(|_| Peer::with_chain(&chain(4))).collect();
    let node = node_with(&slow.iter().chain(&good).collect::<Vec<_>>());
    let mut asking = Raw::open(&node);
    asking.ask("GET", "/nodes/resolve");
    until_chain(&node, &chain(4));
    eventually("all are asked", || slow.iter().chain(&good).all(|peer| peer.asked() == 1));
}

#[test]
fn abandoned_round_does_not_delay_a_stop() {
    let (peer, _go) = held_back(&chain(4), 100);
    let node = node_with(&[&peer]);
    let mut asking = Raw::open(&node);
    asking.ask("GET", "/nodes/resolve");
    eventually("the peer is asked", || peer.asked() == 1);
    drop(asking);
    assert_eq!(node.stop().code, Some(0));
}
