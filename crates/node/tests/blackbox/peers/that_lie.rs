//! Peers with invalid chains: the node skips them and asks the others.

use ledger_core::{Amount, Members, PreviousHash, Transaction};

use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, at_difficulty, chain, genesis, grown, next_by, texts};
use crate::harness::peer::Peer;

/// Checks that the node skips a bad peer, alone and beside an honest one, and logs this reason.
pub(crate) fn assert_skipped(bad: &Peer, reason: &str) {
    assert_skipped_by(&impatient(), bad, reason);
}

/// A node with peer timeouts of one second.
pub(crate) fn impatient() -> Launch {
    Launch::usual().flag("peer-timeout", "1").flag("peer-first-byte", "1")
}

pub(crate) fn assert_skipped_by(launch: &Launch, bad: &Peer, reason: &str) {
    let node = launch.start();
    node.mine();
    node.register(&[&bad.address()]);
    let before = node.state();
    assert!(!node.resolve());
    assert_eq!(node.state(), before);
    let said = node.log.find("skipping peer").unwrap();
    assert!(said.contains(&bad.address()) && said.contains(reason), "{said}");
    let longer = chain(4);
    let good = Peer::with_chain(&longer);
    node.register(&[&good.address()]);
    assert!(node.resolve(), "a bad peer kept the node from adopting a good chain");
    assert_eq!(node.chain(), longer);
}

/// A peer that serves six blocks, one of them changed.
fn tampered(place: usize, change: impl FnOnce(&mut Members)) -> Peer {
    let mut chain = chain(6);
    change(&mut chain[place]);
    Peer::with_chain(&chain)
}

/// A peer that serves six blocks with a replacement in their text.
fn rewritten(from: &str, to: &str) -> Peer {
    let mut texts = texts(&chain(6));
    let changed = texts[3].replacen(from, to, 1);
    assert_ne!(changed, texts[3]);
    texts[3] = changed;
    Peer::with_body(answer(&texts))
}

#[test]
fn overstated_length_is_ignored() {
    let served = answer(&texts(&chain(2))).replace("\"length\": 2", "\"length\": 1000000");
    let node = Launch::usual().start();
    node.mine();
    node.mine();
    let peer = Peer::with_body(served);
    node.register(&[&peer.address()]);
    let before = node.state();
    assert!(!node.resolve());
    assert_eq!((node.state(), peer.asked()), (before, 1));
}

#[test]
fn understated_length_is_ignored() {
    let node = Launch::usual().start();
    let peer = Peer::with_body(answer(&texts(&chain(5))).replace("\"length\": 5", "\"length\": -1"));
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), chain(5));
}

#[test]
fn tampered_payment_is_found() {
    let change = |block: &mut Members| block.transactions[0].amount = Amount::from(1000_u64);
    assert_skipped(&tampered(2, change), "block 4: previous_hash");
}

#[test]
fn tampered_genesis_is_found() {
    let paid = Transaction::reward("thief", 1000_u64);
    assert_skipped(&tampered(0, |block| block.transactions.push(paid)), "block 1: a genesis holds");
    let timestamp = ledger_core::Timestamp::from_micros(1);
    assert_skipped(&tampered(0, |block| block.timestamp = timestamp), "block 2: previous_hash");
}

#[test]
fn amount_of_another_type_is_found() {
    let change = |block: &mut Members| block.transactions[0].amount = Amount::from_json("1.0").unwrap();
    assert_skipped(&tampered(2, change), "block 4: previous_hash");
}

#[test]
fn wrong_proof_is_found() {
    // At difficulty 0, proof 0 solves every puzzle. At the node's difficulty 2, it does not solve this one.
    let mut chain = chain(3);
    let unsolved = next_by(at_difficulty(0), &chain[2], Vec::new());
    chain.push(unsolved);
    assert_skipped(&Peer::with_chain(&chain), "block 4: ");
}

#[test]
fn insufficient_proofs_are_found() {
    let launch = Launch::usual().flag("difficulty", "3");
    let weak = Peer::with_chain(&chain(9));
    let node = launch.start();
    node.register(&[&weak.address()]);
    let before = node.state();
    assert!(!node.resolve());
    assert_eq!(node.state(), before);
}

#[test]
fn wrong_index_is_found() {
    let mut chain = chain(4);
    chain[3].index = 5;
    let chain = grown(chain, 2);
    assert_skipped(&Peer::with_chain(&chain), "index");
}

#[test]
fn genesis_with_a_wrong_index_is_found() {
    let chain = grown(vec![Members { index: 0, ..genesis() }], 5);
    assert_skipped(&Peer::with_chain(&chain), "index");
}

#[test]
fn missing_block_is_found() {
    let mut chain = chain(7);
    chain.remove(3);
    assert_skipped(&Peer::with_chain(&chain), "block 4: ");
}

#[test]
fn duplicate_block_is_found() {
    let mut chain = chain(6);
    chain.insert(3, chain[3].clone());
    assert_skipped(&Peer::with_chain(&chain), "block 5: ");
}

#[test]
fn second_genesis_is_found() {
    let change = |block: &mut Members| block.previous_hash = PreviousHash::GenesisNumber;
    assert_skipped(&tampered(3, change), "block 4: ");
}

#[test]
fn empty_chain_is_not_adopted() {
    // Not logged as a fault: a shorter honest chain has nothing after our last block, either.
    let node = Launch::usual().start();
    let peer = Peer::with_body(answer(&[]));
    node.register(&[&peer.address()]);
    for _ in 0..2 {
        let before = node.state();
        assert!(!node.resolve());
        assert_eq!(node.state(), before);
        node.mine();
    }
}

#[test]
fn unknown_member_of_a_block_is_found() {
    assert_skipped(&rewritten("{\"index\"", "{\"color\": 1, \"index\""), "color");
}

#[test]
fn unknown_member_of_a_payment_is_found() {
    assert_skipped(&rewritten("{\"amount\"", "{\"color\": 1, \"amount\""), "color");
}

#[test]
fn wrong_last_duplicate_is_found() {
    assert_skipped(&rewritten("\"index\": 4", "\"index\": 4, \"index\": 5"), "block 4: index is 5");
    assert_skipped(&rewritten("\"amount\": 1", "\"amount\": 1, \"amount\": 2"), "block 5: previous_hash");
}

#[test]
fn missing_member_is_found() {
    assert_skipped(&rewritten("\"index\": 4, ", ""), "index");
    assert_skipped(&rewritten("\"amount\": 1, ", ""), "amount");
}

#[test]
fn non_numeric_timestamp_is_found() {
    for timestamp in ["NaN", "Infinity", "-Infinity", "1e400", "null", "\"1\"", "true"] {
        let peer = rewritten("\"timestamp\": ", &format!("\"timestamp\": {timestamp}, \"x\": "));
        assert_skipped(&peer, "block 4: ");
    }
}

#[test]
fn members_of_the_wrong_type_are_found() {
    for (from, to) in [
        ("\"index\": 4", "\"index\": 4.0"),
        ("\"index\": 4", "\"index\": \"4\""),
        ("\"proof\": ", "\"proof\": \"\", \"x\": "),
        ("\"previous_hash\": ", "\"previous_hash\": null, \"x\": "),
        ("\"sender\": \"0\"", "\"sender\": 0"),
        ("\"sender\": \"0\"", "\"sender\": \"\\ud800\""),
        ("[{\"amount\"", "[null, {\"amount\""),
    ] {
        assert_skipped(&rewritten(from, to), "block 4: ");
    }
}
