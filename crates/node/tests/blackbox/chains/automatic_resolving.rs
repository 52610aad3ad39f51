//! Automatic resolving.

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::chains::chain;
use crate::harness::node::Node;
use crate::harness::peer::Peer;

#[test]
fn node_follows_a_peer_without_requests() {
    let (leader, follower) = (Node::start(), Launch::usual().flag("resolve-every", "1").start());
    follower.log.find("resolving every 1 s").unwrap();
    follower.register(&[&leader.address.to_string()]);
    for height in 2..=3 {
        leader.mine();
        follower.log.find(&format!("height {height}")).unwrap();
        assert_eq!(follower.chain(), leader.chain());
    }
}

#[test]
fn failing_peer_is_logged_once() {
    let peer = Peer::with_body("garbage");
    let node = Launch::usual().flag("resolve-every", "1").start();
    node.register(&[&peer.address()]);
    eventually("the peer is asked three times", || peer.asked() >= 3);
    node.resolve();
    let skipped = node.stop().stderr.iter().filter(|line| line.contains("skipping peer")).count();
    assert_eq!(skipped, 2, "one line for the rounds of the node, one for the request");
}

#[test]
fn requests_share_automatic_rounds() {
    let peer = Peer::with_chain(&chain(4));
    let node = Launch::usual().file("config/node.toml", "resolveEvery = 3600\n").start();
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain().len(), 4);
}
