//! The outcome that a resolve reports for each neighbour.

use serde_json::{Value, json};

use crate::harness::made::chains::{answer, chain, texts};
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::peers::that_lie::impatient;

/// The outcome and reason reported for a neighbour.
fn reported(resolved: &Value, peer: &str) -> (String, String) {
    let all = resolved["neighbours"].as_array().unwrap();
    let one = all.iter().find(|one| one["address"] == json!(peer)).unwrap_or_else(|| panic!("{all:?}"));
    let text = |member: &str| one[member].as_str().unwrap().to_owned();
    (text("outcome"), text("reason"))
}

/// Resolves among exactly these peers, and returns the node and the answer.
fn resolved_among(peers: &[&str]) -> (Node, Value) {
    let node = impatient().start();
    node.mine();
    assert_eq!(node.register(peers).status, 201);
    let answer = node.get("/nodes/resolve").json();
    (node, answer)
}

#[test]
fn every_outcome_has_its_reason() {
    let mut forged = texts(&chain(6));
    forged[3] = forged[3].replacen("peer", "thief", 1);
    let forged = Peer::with_body(answer(&forged));
    let longer = Peer::with_chain(&chain(4));
    let shorter = Peer::with_chain(&chain(1));
    let page = Peer::with_body("<html>a router</html>");
    let redirect = Peer::sending(
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://a.example/\r\nContent-Length: 0\r\n\r\n",
    );
    let busy = Peer::sending("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    let brotli = Peer::sending("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n");
    let broken = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
    let silent = Peer::with_handler(crate::harness::peer::until_left);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (node, answer) = resolved_among(&[
        &forged.address(),
        &longer.address(),
        &shorter.address(),
        &page.address(),
        &redirect.address(),
        &busy.address(),
        &brotli.address(),
        &broken.address(),
        &silent.address(),
        &nobody,
    ]);
    assert_eq!(node.chain(), chain(4));
    for (peer, outcome, reason) in [
        (&longer.address(), "adopted", "4 new, instead of 2 of ours; our chain now has 4 blocks"),
        (&shorter.address(), "not longer", "1 block"),
        (&forged.address(), "invalid chain", "block 5: previous_hash is "),
        (&page.address(), "not a ledger node", "a web page or XML"),
        (
            &redirect.address(),
            "not a ledger node",
            "answered 301 Moved Permanently, a redirect to https://a.example/",
        ),
        (&busy.address(), "busy", "answered 503 Service Unavailable"),
        (&brotli.address(), "unreadable answer", "Content-Encoding br"),
        (&broken.address(), "broken connection", "the connection broke"),
        (&silent.address(), "no answer", "it did not begin within 1s"),
        (&nobody, "no answer", "nothing listens there (connection refused)"),
    ] {
        let (said, why) = reported(&answer, peer);
        assert_eq!(said, outcome, "{why}");
        assert!(why.contains(reason), "{outcome}: {why}");
    }
}

#[test]
fn answers_list_neighbours_and_members_sorted() {
    let peer = Peer::with_chain(&chain(5));
    let (node, replaced) = resolved_among(&["localhost:1", &peer.address()]);
    assert_eq!(replaced["message"], json!("Our chain was replaced"));
    let names = |answer: &Value| answer.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&replaced), ["message", "neighbours", "new_chain"]);
    let addresses: Vec<&str> = replaced["neighbours"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["address"].as_str().unwrap())
        .collect();
    assert_eq!(addresses, [peer.address().as_str(), "localhost:1"]);
    let again = node.get("/nodes/resolve");
    assert_eq!(names(&again.json()), ["chain", "message", "neighbours"]);
    assert_eq!(reported(&again.json(), &peer.address()).1, "its 5 blocks are valid, but not more than our 5");
    let order = ["{\"chain\": [", "], \"message\": ", ", \"neighbours\": [{\"address\": "]
        .map(|text| again.text.find(text).unwrap());
    assert!(order.is_sorted());
}

#[test]
fn node_without_neighbours_lists_none() {
    let answer = Node::start().get("/nodes/resolve");
    assert!(answer.text.ends_with("], \"message\": \"Our chain is authoritative\", \"neighbours\": []}\n"));
}

#[test]
fn reasons_are_cut_and_escaped() {
    let location = format!("https://a.example/{}\u{202e}", "é".repeat(3_000));
    let peer =
        Peer::sending(format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));
    let (_node, answer) = resolved_among(&[&peer.address()]);
    let (outcome, reason) = reported(&answer, &peer.address());
    assert_eq!((outcome.as_str(), reason.chars().count()), ("not a ledger node", 201));
    assert!(!reason.contains('\u{202e}'));
}
