//! Payments that no peer has received when their node stops.

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::{Node, sorted};
use crate::network::nodes::dialling;

/// Checks that the payments of a node reach one that joins now, and that each is in one block in the end.
fn assert_arrive(sender: &Node) {
    let paid = sorted(sender.pool());
    assert!(!paid.is_empty());
    let other = dialling(&[sender]).start();
    // Sorted: each is verified on a thread of its own, so they arrive in any order.
    eventually("the payments arrive", || sorted(other.pool()) == paid);
    sender.mine();
    other.until_agrees_with(sender);
    assert_eq!((other.pool(), other.payments().len()), (vec![], paid.len()));
}

#[test]
fn unsent_payment_is_sent_after_a_restart() {
    let launch = dialling(&[]);
    let node = launch.start();
    node.accept(&pay("bob", "5"));
    node.stop();
    let file = launch.folder().join("data/unsent-payments");
    assert!(file.exists());
    assert_arrive(&launch.start());
    assert!(!file.exists());
}

#[test]
fn payment_of_a_node_that_joins_the_network_later_is_sent() {
    let launch = Launch::usual();
    for recipient in ["bob", "carol"] {
        let node = launch.start();
        node.accept(&pay(recipient, "5"));
        node.stop();
    }
    assert_arrive(&launch.flag("p2p-port", "0").start());
}

#[test]
fn received_payment_is_not_sent_again() {
    let other = dialling(&[]).start();
    other.mine();
    let launch = dialling(&[&other]);
    let node = launch.start();
    node.until_agrees_with(&other);
    node.accept(&pay("bob", "5"));
    eventually("the payment arrives", || other.pool().len() == 1);
    other.accept(&pay("carol", "6"));
    eventually("the other node's payment arrives", || node.pool().len() == 2);
    node.stop();
    let node = launch.start();
    node.until_connected(1);
    node.accept(&pay("dora", "7"));
    eventually("the next payment arrives", || other.pool().len() == 3);
    node.mine();
    other.until_agrees_with(&node);
    assert_eq!((other.pool(), other.payments().len()), (vec![], 3), "each is paid once");
}
