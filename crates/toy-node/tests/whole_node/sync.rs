//! Agreeing with neighbours: the heaviest chain wins.

use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::toy::{assert_stores, at, chain, mined};

/// Registers a peer and resolves. Returns whether the peer's chain was adopted.
fn resolves_with(node: &Node, peer: &str) -> bool {
    node.register(&[peer]);
    node.resolve()
}

/// A resolve's sentence about its only neighbour.
fn reason(node: &Node) -> String {
    node.get("/nodes/resolve").json()["neighbours"][0]["reason"].as_str().unwrap().to_owned()
}

#[test]
fn node_takes_the_blocks_that_it_lacks() {
    let (theirs, ours) = (mined(2, 3), at(1).start());
    assert!(resolves_with(&ours, &theirs.address.to_string()));
    assert_eq!(chain(&ours), chain(&theirs));
    theirs.mine();
    theirs.mine();
    assert!(ours.resolve());
    assert_eq!(chain(&ours), chain(&theirs));
    assert!(!ours.resolve());
    assert_stores(ours);
}

#[test]
fn shorter_and_heavier_chain_wins() {
    let (long, heavy) = (mined(1, 20), mined(3, 1));
    assert!(!resolves_with(&heavy, &long.address.to_string()));
    assert_eq!(reason(&heavy), "its weight 320 is valid, but not more than our 4096");
    assert!(resolves_with(&long, &heavy.address.to_string()));
    assert_eq!(chain(&long), chain(&heavy));
    assert_eq!(chain(&long).len(), 2);
    assert_stores(long);
}

#[test]
fn chain_that_breaks_a_rule_is_refused() {
    let (theirs, ours) = (mined(1, 2), mined(1, 1));
    let before = chain(&ours);
    // It would win by the weight that it claims.
    let text = theirs.get("/chain").text;
    let (first, last) = text.rsplit_once("\"target_zeros\": 1").unwrap();
    let peer = Peer::with_body(format!("{first}\"target_zeros\": 9{last}"));
    assert!(!resolves_with(&ours, &peer.address()));
    let reason = reason(&ours);
    assert!(reason.contains("block 3: target_zeros is 9, expected 1 to 3"), "{reason}");
    assert_eq!(chain(&ours), before);
}
