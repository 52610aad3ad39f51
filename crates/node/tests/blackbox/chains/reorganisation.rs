//! Payments in a reorg: each is kept exactly once.

use ledger_core::{Members, Transaction};

use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, grown, next, texts};
use crate::harness::made::payments::pay;
use crate::harness::node::{Node, sorted};
use crate::harness::peer::Peer;

/// Makes the node adopt a chain.
fn adopt(node: &Node, chain: &[Members]) {
    let peer = Peer::with_body(answer(&texts(chain)));
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), chain);
}

/// A fork after the node's genesis, with these payments.
fn fork_with(node: &Node, payments: Vec<Transaction<'static>>, more: usize) -> Vec<Members<'static>> {
    let genesis = node.chain().remove(0);
    let block = next(&genesis, payments);
    grown(vec![genesis, block], more)
}

#[test]
fn orphaned_payments_return_without_rewards() {
    let node = Node::start();
    let paid = [node.accept(&pay("bob", "1")), node.accept(&pay("carol", "2.5"))];
    node.mine();
    adopt(&node, &fork_with(&node, Vec::new(), 2));
    assert_eq!(node.pool(), paid);
}

#[test]
fn orphaned_payments_precede_waiting_ones() {
    let node = Node::start();
    let first = node.accept(&pay("bob", "1"));
    node.mine();
    let second = node.accept(&pay("carol", "\"2\""));
    adopt(&node, &fork_with(&node, Vec::new(), 2));
    assert_eq!(node.pool(), [first, second]);
}

#[test]
fn confirmed_payments_leave_the_pool() {
    let node = Node::start();
    let paid = node.accept(&pay("bob", "1"));
    let waits = node.accept(&pay("bob", "1.0"));
    adopt(&node, &fork_with(&node, vec![paid], 2));
    assert_eq!(node.pool(), [waits]);
}

#[test]
fn payments_in_both_chains_do_not_return() {
    let node = Node::start();
    let (both, ours) = (node.accept(&pay("bob", "1")), node.accept(&pay("carol", "1")));
    node.mine();
    adopt(&node, &fork_with(&node, vec![both], 2));
    assert_eq!(node.pool(), [ours]);
}

#[test]
fn payment_mined_twice_and_confirmed_once_returns_once() {
    let node = Node::start();
    let payment = pay("bob", "1");
    let paid = node.accept(&payment);
    node.accept(&payment);
    node.mine();
    node.accept(&payment);
    adopt(&node, &fork_with(&node, vec![paid.clone()], 2));
    assert_eq!(node.pool(), [paid.clone(), paid]);
}

#[test]
fn extension_returns_no_payments() {
    let node = Node::start();
    node.accept(&pay("bob", "1"));
    node.mine();
    let waits = node.accept(&pay("carol", "1"));
    adopt(&node, &grown(node.chain(), 2));
    assert_eq!(node.pool(), [waits]);
}

#[test]
fn payments_survive_repeated_reorgs() {
    let node = Node::start();
    let paid: Vec<Transaction<'static>> = (0..10).map(|n| node.accept(&pay(&format!("r{n}"), "1"))).collect();
    for length in [3, 6, 9] {
        node.mine();
        let ours = node.payments();
        assert_eq!(ours, sorted(paid.clone()));
        adopt(&node, &fork_with(&node, vec![paid[length].clone()], length));
        assert_eq!(node.payments(), sorted(paid.clone()));
    }
}

#[test]
fn returned_payments_survive_a_restart() {
    let node = Node::start();
    let paid = node.accept(&pay("bob", "1"));
    node.mine();
    let chain = fork_with(&node, Vec::new(), 2);
    adopt(&node, &chain);
    let launch = node.launch.clone();
    drop(node);
    let node = launch.start();
    assert_eq!((node.pool(), node.chain()), (vec![paid], chain));
}

#[test]
fn three_nodes_agree_on_the_longest_chain() {
    let nodes = [Node::start(), Node::start(), Node::start()];
    let addresses = nodes.each_ref().map(|node| node.address.to_string());
    let mut paid = Vec::new();
    for (number, node) in nodes.iter().enumerate() {
        let others: Vec<&str> =
            addresses.iter().filter(|&other| *other != addresses[number]).map(String::as_str).collect();
        assert_eq!(node.register(&others).status, 201);
        paid.push(node.accept(&pay(&format!("recipient {number}"), "1")));
        (0..=number).for_each(|_| drop(node.mine()));
    }
    assert_eq!(nodes.each_ref().map(Node::resolve), [true, true, false]);
    for (number, node) in nodes.iter().enumerate() {
        assert_eq!(node.chain(), nodes[2].chain());
        let known =
            if number == 2 { vec![paid[2].clone()] } else { vec![paid[number].clone(), paid[2].clone()] };
        assert_eq!(node.payments(), sorted(known));
    }
    nodes[0].mine();
    assert_eq!(nodes.each_ref().map(Node::resolve), [false, true, true]);
    assert_eq!(nodes[1].chain(), nodes[0].chain());
}

#[test]
fn nodes_of_different_difficulty_ignore_each_other() {
    let (strict, lax) =
        (Launch::usual().flag("difficulty", "4").start(), Launch::usual().flag("difficulty", "0").start());
    (0..3).for_each(|_| drop(lax.mine()));
    strict.register(&[&lax.address.to_string()]);
    assert!(!strict.resolve());
}
