//! Two nodes take payments, mine and replace each other's chains at once: no payment is lost or doubled.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ledger_core::canonical;

use crate::harness::made::chains::assert_valid;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

/// Payments per client.
const PAYMENTS: usize = 40;

/// Clients per node.
const PAYERS: usize = 2;

/// Minimum number of reorgs.
const REORGS: usize = 6;

/// Progress of the load.
struct Load {
    /// Clients that are still paying.
    paying: AtomicUsize,
    /// Reorgs so far.
    reorgs: AtomicUsize,
}

impl Load {
    fn goes_on(&self) -> bool {
        self.paying.load(Ordering::Relaxed) > 0 || self.reorgs.load(Ordering::Relaxed) < REORGS
    }

    /// Pays repeatedly. Returns the payments as a chain holds them.
    fn pay(&self, node: &Node, who: &str) -> Vec<String> {
        let payment = |number| pay(&format!("{who}/{number}"), "1");
        let accepted = (0..PAYMENTS).map(|number| node.accept(&payment(number)));
        let accepted = accepted.map(|payment| canonical::transaction_text(&payment)).collect();
        self.paying.fetch_sub(1, Ordering::Relaxed);
        accepted
    }

    /// Mines in bursts of this many blocks.
    fn mine(&self, node: &Node, blocks: usize) {
        while self.goes_on() {
            (0..blocks).for_each(|_| drop(node.mine()));
        }
    }

    fn resolve(&self, node: &Node) {
        while self.goes_on() {
            self.reorgs.fetch_add(usize::from(node.resolve()), Ordering::Relaxed);
        }
    }

    /// Loads both nodes until everything is paid. Returns the payments that each accepted.
    fn on(&self, nodes: &[Node; 2]) -> [Vec<String>; 2] {
        thread::scope(|threads| {
            let mut payers = [Vec::new(), Vec::new()];
            for (number, node) in nodes.iter().enumerate() {
                for payer in 0..PAYERS {
                    payers[number].push(threads.spawn(move || self.pay(node, &format!("{number}/{payer}"))));
                }
                threads.spawn(move || self.mine(node, number + 1));
                threads.spawn(|| self.resolve(node));
            }
            payers.map(|clients| clients.into_iter().flat_map(|client| client.join().unwrap()).collect())
        })
    }
}

#[test]
fn reorgs_under_load_keep_each_payment_once() {
    let nodes = [Node::start(), Node::start()];
    nodes[0].register(&[&nodes[1].address.to_string()]);
    nodes[1].register(&[&nodes[0].address.to_string()]);
    let load = Load { paying: AtomicUsize::new(nodes.len() * PAYERS), reorgs: AtomicUsize::new(0) };
    let accepted = load.on(&nodes);
    nodes.iter().zip(&accepted).for_each(|(node, accepted)| assert_holds_once(node, accepted));
    converge(&nodes);
    nodes.iter().zip(&accepted).for_each(|(node, accepted)| assert_holds_once(node, accepted));
    assert_eq!(nodes[0].chain(), nodes[1].chain());
}

/// Lets one node get ahead and the other adopt its chain.
fn converge(nodes: &[Node; 2]) {
    while nodes[0].chain().len() <= nodes[1].chain().len() {
        nodes[0].mine();
    }
    assert!(nodes[1].resolve());
}

fn assert_holds_once(node: &Node, accepted: &[String]) {
    assert_valid(&node.chain());
    let found = node.payments();
    assert!(found.windows(2).all(|two| two[0] != two[1]), "a payment appears twice");
    let lost = accepted.iter().find(|payment| found.binary_search(payment).is_err());
    assert_eq!(lost, None, "an accepted payment is lost");
}
