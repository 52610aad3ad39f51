//! Nodes that `--peer` links: blocks and payments travel, and late nodes catch up.

use serde_json::json;

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::network::nodes::dialling;

/// Three nodes in a line. They start with the first one's chain.
fn line() -> [Node; 3] {
    let first = dialling(&[]).start();
    first.mine();
    let second = dialling(&[&first]).start();
    let third = dialling(&[&second]).start();
    second.until_connected(2);
    third.until_agrees_with(&first);
    second.until_agrees_with(&first);
    [first, second, third]
}

#[test]
fn node_without_network_settings_joins_no_network() {
    let node = Node::start();
    let status = node.get("/status").json();
    assert_eq!((&status["p2p"], &status["network"]), (&json!(null), &json!("tutorial")));
    assert!(!node.launch.folder().join("data/network-key").exists());
    assert!(!node.stop().stderr.iter().any(|line| line.contains("p2p")));
}

#[test]
fn mined_block_travels_to_every_node() {
    let [first, second, third] = line();
    for node in [&first, &third, &second] {
        node.mine();
        [&first, &second, &third].iter().for_each(|other| other.until_agrees_with(node));
    }
    assert_eq!(first.chain().len(), 5);
    assert_eq!((second.chain(), third.chain()), (first.chain(), first.chain()));
    for node in [first, second, third] {
        let log = node.stop().stderr;
        assert!(!log.iter().any(|line| line.contains("WARN") || line.contains("ERROR")), "{log:#?}");
    }
}

#[test]
fn payment_travels_once_however_often_it_is_relayed() {
    let [first, second, third] = line();
    let nodes = [&first, &second, &third];
    let paid = first.accept(&pay("bob", "5"));
    nodes.iter().for_each(|node| eventually("the payment arrives", || node.pool() == [paid.clone()]));
    // A user who sends the payment again pays twice.
    third.accept(&pay("bob", "5"));
    nodes.iter().for_each(|node| eventually("the payment arrives again", || node.pool().len() == 2));
    second.mine();
    nodes.iter().for_each(|node| node.until_agrees_with(&second));
    nodes.iter().for_each(|node| assert_eq!((node.pool(), node.payments().len()), (vec![], 2)));
}

#[test]
fn late_node_catches_up_and_takes_part() {
    let first = dialling(&[]).start();
    (0..20).for_each(|_| drop(first.mine()));
    first.accept(&pay("carol", "7"));
    first.mine();
    let late = dialling(&[&first]).start();
    late.until_agrees_with(&first);
    assert_eq!(late.chain(), first.chain());
    late.mine();
    first.until_agrees_with(&late);
    assert_eq!(first.chain().len(), 23);
}

#[test]
fn late_node_catches_up_from_several_peers() {
    let first = dialling(&[]).start();
    (0..20).for_each(|_| drop(first.mine()));
    let second = dialling(&[&first]).start();
    second.until_agrees_with(&first);
    let late = dialling(&[&first, &second]).start();
    late.until_agrees_with(&first);
    assert_eq!(late.chain(), first.chain());
    eventually("the sync ends", || late.get("/status").json()["sync"] == json!(null));
    for node in [first, second, late] {
        assert!(!node.stop().stderr.iter().any(|line| line.contains("no sync")));
    }
}

#[test]
fn longer_chain_wins_when_two_networks_meet() {
    let [first, second] = [dialling(&[]).start(), dialling(&[]).start()];
    (0..3).for_each(|_| drop(first.mine()));
    let returns = second.accept(&pay("bob", "5"));
    (0..2).for_each(|_| drop(second.mine()));
    let between = dialling(&[&first, &second]).start();
    [&second, &between].iter().for_each(|node| node.until_agrees_with(&first));
    assert_eq!(first.chain().len(), 4);
    assert_eq!(second.pool(), [returns], "its own payment waits again");
}

#[test]
fn chain_that_a_node_resolves_reaches_its_peers() {
    let outside = Node::start();
    (0..3).for_each(|_| drop(outside.mine()));
    let [first, second, third] = line();
    second.register(&[&outside.address.to_string()]);
    assert!(second.resolve());
    [&first, &third].iter().for_each(|node| node.until_agrees_with(&outside));
}

#[test]
fn block_above_a_megabyte_travels() {
    let [first, second, third] = line();
    let payments = 5;
    for _ in 0..payments {
        first.accept(&pay(&"x".repeat(250_000), "1"));
    }
    first.mine();
    [&second, &third].iter().for_each(|node| node.until_agrees_with(&first));
    assert_eq!(third.payments().len(), payments);
    let late = dialling(&[&third]).start();
    late.until_agrees_with(&first);
}

#[test]
fn network_settings_may_be_in_the_file() {
    let first = dialling(&[]).start();
    first.mine();
    let config = format!("p2pPort = 0\npeer = [\"{}\"]\n", first.p2p_address());
    let second = Launch::usual().file("config/node.toml", &config).start();
    second.until_agrees_with(&first);
}

#[test]
fn peers_list_what_each_side_knows_of_the_other() {
    let first = dialling(&[]).start();
    first.mine();
    let second = dialling(&[&first]).start();
    second.until_agrees_with(&first);
    let peer = |node: &Node| node.get("/peers").json()["peers"][0].take();
    eventually("each knows the other's height", || {
        peer(&first)["height"] == 2 && peer(&second)["height"] == 2
    });
    let (inbound, outbound) = (peer(&first), peer(&second));
    assert_eq!((&inbound["direction"], &outbound["direction"]), (&json!("in"), &json!("out")));
    assert_eq!((&inbound["id"], &outbound["id"]), (&second.p2p()["id"], &first.p2p()["id"]));
    assert_eq!((&outbound["score"], &outbound["last_error"]), (&json!(0.0), &json!(null)));
    assert!(first.p2p_address().starts_with(outbound["address"].as_str().unwrap()), "{outbound}");
}

#[test]
fn restarted_node_dials_the_peers_that_it_knew() {
    let first = dialling(&[]).start();
    let launch = dialling(&[&first]);
    let second = launch.start();
    second.until_connected(1);
    let known = launch.folder().join("data/known-peers.json");
    let id = first.p2p()["id"].to_string();
    eventually("the peer is kept", || std::fs::read_to_string(&known).is_ok_and(|text| text.contains(&id)));
    second.stop();
    let again = launch.without_arguments().start();
    again.until_connected(1);
}

#[test]
fn damaged_list_of_known_peers_does_not_stop_a_start() {
    let node = dialling(&[]).file("data/known-peers.json", "garbage").start();
    assert!(node.log.find("ignoring known-peers.json").is_some());
}
