//! What becomes of payments and states when a heavier chain replaces blocks.

use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::toy::{assert_stores, at, chain, mined, payees, waiting, weights};

fn adopt(node: &Node, theirs: &Node) {
    node.register(&[&theirs.address.to_string()]);
    assert!(node.resolve());
    assert_eq!(chain(node), chain(theirs));
}

#[test]
fn payments_of_replaced_blocks_return_in_order() {
    let node = at(1).start();
    for name in ["bob", "carol", "dave", "erin", "frank"] {
        node.accept(&pay(name, "5"));
    }
    node.mine();
    node.mine();
    assert_eq!(waiting(&node), ["frank"]);
    adopt(&node, &mined(3, 1));
    assert_eq!(waiting(&node), ["bob", "carol", "dave", "erin", "frank"]);
    assert_eq!(payees(&node.mine())[..2], ["bob", "carol"]);
    let node = assert_stores(node).start();
    assert_eq!(waiting(&node), ["dave", "erin", "frank"]);
}

#[test]
fn few_blocks_replace_the_end_of_a_long_chain() {
    let (node, theirs) = (mined(1, 5), at(3).start());
    adopt(&theirs, &node);
    node.mine();
    node.mine();
    theirs.mine();
    adopt(&node, &theirs);
    assert_eq!(weights(&chain(&node)), [0, 16, 32, 48, 64, 80, 4176]);
    node.mine();
    assert_stores(node);
}

#[test]
fn many_blocks_replace_the_end_of_a_short_chain() {
    let (node, theirs) = (mined(1, 2), at(2).start());
    adopt(&theirs, &node);
    node.mine();
    for _ in 0..7 {
        theirs.mine();
    }
    adopt(&node, &theirs);
    node.mine();
    assert_stores(node);
}
