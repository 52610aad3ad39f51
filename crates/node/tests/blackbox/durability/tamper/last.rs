//! Tampering with the last block of a stopped node, which no other block links to: changed with its hash, removed, or
//! followed by another.

use ledger_core::{Members, Timestamp};

use crate::durability::tamper::blocks::{assert_found, assert_not_exported, changed, rewrite, sql, stored};
use crate::harness::durable::{assert_one_line, open, run};
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, grown, texts};
use crate::harness::made::payments::pay;
use crate::harness::peer::Peer;

/// Changes the last block, at this height, with its hash. Checks that this is found and named.
fn assert_forgery_found(launch: &Launch, height: u64, change: impl FnOnce(&mut Members)) {
    let [before, after] = rewrite(&open(launch), height, change);
    let named = format!("block {height}: its content and its hash were changed");
    let words = [&named, &format!("it hashes to {after}"), &format!("the node wrote {before}")];
    let words = words.map(String::as_str);
    assert_found(launch, &words);
    assert_not_exported(launch, &words);
}

fn forge(block: &mut Members) {
    block.transactions.last_mut().unwrap().amount = 1000_u64.into();
}

#[test]
fn last_block_changed_with_its_hash_is_named() {
    assert_forgery_found(&stored(), 6, forge);
    assert_forgery_found(&stored(), 6, |block| block.transactions[0].recipient = "thief".into());
    assert_forgery_found(&stored(), 6, |block| block.transactions.clear());
}

#[test]
fn last_block_changed_outside_the_index_is_named() {
    assert_forgery_found(&stored(), 6, |block| block.timestamp = Timestamp::from_micros(1));
}

#[test]
fn forged_last_block_advises_a_backup() {
    let launch = changed(|database| drop(rewrite(database, 6, forge)));
    let ended = launch.end();
    assert_one_line(
        &ended,
        &["the stored chain is refused", "restore a backup", "node import FILE --data-dir NEW"],
    );
    assert!(!ended.stderr[0].contains("export"), "{:?}", ended.stderr);
}

#[test]
fn lone_genesis_is_sealed() {
    let launch = Launch::usual();
    launch.start().stop();
    assert_forgery_found(&launch, 1, |block| block.timestamp = Timestamp::from_micros(1));
}

#[test]
fn last_block_of_an_imported_chain_is_sealed() {
    let launch = Launch::usual();
    let json = answer(&texts(&chain(7)));
    let flags = ["--data-dir", "data", "--difficulty", "2", "import"];
    assert!(run(launch.folder(), &flags, json.as_bytes()).status.success());
    assert_forgery_found(&launch, 7, forge);
}

#[test]
fn last_block_of_a_resolved_chain_is_sealed() {
    let node = stored().start();
    // First a chain with another genesis, then an extension.
    for more in [7, 9] {
        let peer = Peer::with_chain(&grown(chain(3), more));
        node.register(&[&peer.address()]);
        assert!(node.resolve());
    }
    let launch = node.launch.clone();
    let length = node.chain().len() as u64;
    node.stop();
    assert_forgery_found(&launch, length, forge);
}

#[test]
fn block_mined_before_a_kill_is_sealed() {
    let node = stored().start();
    node.accept(&pay("dave", "1"));
    node.mine();
    let launch = node.launch.clone();
    node.signal("KILL");
    node.ended();
    launch.start().stop();
    assert_forgery_found(&launch, 7, forge);
}

#[test]
fn last_block_removed_without_a_trace_is_named() {
    let launch = sql("DELETE FROM blocks WHERE height = 6; DELETE FROM payments WHERE first = 6");
    assert_found(
        &launch,
        &["block 6 is missing: the node wrote it as the last one, but the chain ends at block 5"],
    );
}

#[test]
fn block_added_by_hand_is_named() {
    let launch = stored();
    let node = launch.start();
    node.mine();
    node.stop();
    let database = open(&launch);
    database
        .execute_batch(
            "UPDATE seals SET rows = 6, digest = (SELECT hash FROM blocks WHERE height = 6) WHERE name = 'tip'",
        )
        .unwrap();
    drop(database);
    assert_found(&launch, &["block 7 was added while no node ran", "block 6"]);
}

#[test]
fn older_layout_is_sealed_on_first_use() {
    let older = "DELETE FROM seals WHERE name = 'tip'; PRAGMA user_version = 3";
    let launch = sql(older);
    assert_eq!(launch.start().stop().code, Some(0));
    assert_forgery_found(&launch, 6, forge);
    // An earlier change shows only if the index does not match.
    let launch = changed(|database| {
        rewrite(database, 6, forge);
        database.execute_batch(older).unwrap();
    });
    let ended = launch.end();
    assert_one_line(&ended, &["do not match: one of them was changed", "restore a backup"]);
}
