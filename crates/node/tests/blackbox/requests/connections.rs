//! Odd HTTP clients are answered or cut off, and block no others.

use crate::harness::made::chains::chain;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::harness::raw::Raw;

#[test]
fn stalled_requests_do_not_block_others() {
    let node = Node::start();
    let mut stalled: Vec<Raw> = (0..200).map(|_| Raw::open(&node)).collect();
    for (number, raw) in stalled.iter_mut().enumerate() {
        raw.send(&b"GET /chain HTTP/1.1\r\nHost: node\r\nX-Slow: yes"[..number % 40]);
    }
    let mut bodies: Vec<Raw> = (0..50).map(|_| Raw::open(&node)).collect();
    for raw in &mut bodies {
        raw.send("POST /transactions/new HTTP/1.1\r\nHost: node\r\nContent-Length: 100\r\n\r\n{\"sender\"");
    }
    assert_eq!(node.submit(&pay("bob", "5")).status, 201);
    assert_eq!(node.mine()["index"], 2);
    assert_eq!(node.chain().len(), 2);
}

#[test]
fn stalled_readers_do_not_block_others() {
    let node = Node::start();
    let peer = Peer::with_chain(&chain(3000));
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    let mut lazy: Vec<Raw> = (0..20).map(|_| Raw::open(&node)).collect();
    for raw in &mut lazy {
        (0..20).for_each(|_| raw.ask("GET", "/chain"));
    }
    assert_eq!(node.submit(&pay("bob", "5")).status, 201);
    assert_eq!(node.mine()["index"], 3001);
    assert_eq!(node.chain().len(), 3001);
}

#[test]
fn oversized_head_is_refused() {
    let node = Node::start();
    let mut raw = Raw::open(&node);
    let header = format!("X-Long: {}\r\n", "x".repeat(1 << 20));
    raw.send(format!("GET /chain HTTP/1.1\r\nHost: node\r\n{header}\r\n"));
    assert!(raw.answer().is_none_or(|answer| (400..500).contains(&answer.status)));
    let mut raw = Raw::open(&node);
    raw.send(format!("GET /chain HTTP/1.1\r\nHost: node\r\n{}\r\n", "X: y\r\n".repeat(5000)));
    assert!(raw.answer().is_none_or(|answer| (400..500).contains(&answer.status)));
    assert_eq!(node.chain().len(), 1);
}

#[test]
fn invalid_http_is_refused() {
    let node = Node::start();
    for bytes in [
        "nonsense\r\n\r\n",
        "\u{16}\u{3}\u{1}\r\n\r\n",
        "GET /chain HTTP/9.9\r\n\r\n",
        "GET  HTTP/1.1\r\n\r\n",
    ] {
        let mut raw = Raw::open(&node);
        raw.send(bytes);
        raw.finish();
        assert!(raw.answer().is_none_or(|answer| (400..600).contains(&answer.status)), "{bytes:?}");
    }
    assert_eq!(node.get("/chain").status, 200);
}

#[test]
fn invalid_lengths_are_refused() {
    let node = Node::start();
    for length in ["-1", "x", "18446744073709551616", "5\r\nContent-Length: 6"] {
        let mut raw = Raw::open(&node);
        raw.send(format!(
            "POST /transactions/new HTTP/1.1\r\nHost: node\r\nContent-Length: {length}\r\n\r\n{{}}"
        ));
        assert!(raw.answer().is_none_or(|answer| (400..500).contains(&answer.status)), "{length}");
    }
    assert!(node.pool().is_empty());
}

#[test]
fn truncated_body_changes_nothing() {
    let node = Node::start();
    let body = pay("bob", "5").json();
    let mut raw = Raw::open(&node);
    raw.send(format!(
        "POST /transactions/new HTTP/1.1\r\nHost: node\r\nContent-Length: {}\r\n\r\n{body}",
        body.len() + 1
    ));
    raw.finish();
    assert!(raw.answer().is_none_or(|answer| (400..500).contains(&answer.status)));
    assert!(node.pool().is_empty());
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let node = Node::start();
    let mut raw = Raw::open(&node);
    let body = pay("bob", "5").json();
    let post = format!(
        "POST /transactions/new HTTP/1.1\r\nHost: node\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    raw.send([get("/nodes"), post, get("/transactions"), get("/mine"), get("/chain"), get("/no")].concat());
    let answers: Vec<_> = (0..6).map(|_| raw.answer().unwrap()).collect();
    assert_eq!(
        answers.iter().map(|answer| answer.status).collect::<Vec<_>>(),
        [200, 201, 200, 200, 200, 404]
    );
    assert_eq!(answers[2].json()["length"], 1);
    assert_eq!(answers[3].json()["transactions"][0]["recipient"], "bob");
    assert_eq!(answers[4].json()["length"], 2);
}

#[test]
fn connection_survives_a_refusal() {
    let node = Node::start();
    let mut raw = Raw::open(&node);
    for _ in 0..3 {
        raw.post("/transactions/new", b"nonsense");
        assert_eq!(raw.answer().unwrap().status, 400);
        raw.ask("GET", "/chain");
        assert_eq!(raw.answer().unwrap().json()["length"], 1);
    }
}
