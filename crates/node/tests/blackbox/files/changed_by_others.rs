//! Other programs write to the database of a running node through SQLite. Changes to chain, pool or neighbours are
//! noticed before the next acknowledgement. Harmless writes are allowed.

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::harness::durable::{database, open};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

const REFUSAL: &str = "the node's files were moved, removed or replaced while it was running, so it accepts no changes; its log \
    says which, and what to do";

/// A node with three blocks, a neighbour and a waiting payment.
fn node() -> Node {
    let node = Launch::usual().start();
    (0..2).for_each(|_| drop(node.mine()));
    node.register(&["127.0.0.1:1"]);
    node.accept(&pay("bob", "5"));
    node
}

fn assert_refuses_changes(node: &Node, what: &str) {
    node.get("/mine").assert_says(503, REFUSAL);
    node.submit(&pay("carol", "5")).assert_says(503, REFUSAL);
    node.register(&["127.0.0.1:2"]).assert_says(503, REFUSAL);
    let line = node.log.find("ledger.db was changed by another program while the node was running");
    assert!(line.is_some_and(|line| line.contains("Stop the node and start it again")), "{what}");
}

#[test]
fn backup_restored_through_sqlite_is_noticed() {
    let backup = Launch::usual().start();
    backup.mine();
    let source = backup.launch.clone();
    backup.stop();
    let node = node();
    let source = Connection::open(database(&source)).unwrap();
    let mut destination = open(&node.launch);
    Backup::new(&source, &mut destination).unwrap().step(-1).unwrap();
    drop(destination);
    assert_refuses_changes(&node, "a backup");
    let launch = node.launch.clone();
    assert_eq!(node.stop().code, Some(0));
    // The next start reports missing acknowledged blocks, and accepts the rest only with the flag.
    let refused = launch.clone().end().stderr.join("\n");
    assert!(refused.contains("--accept-missing-log"), "{refused}");
    assert_eq!(launch.argument("--accept-missing-log").start().chain().len(), 2);
}

#[test]
fn changed_rows_are_noticed() {
    for change in [
        "DELETE FROM blocks WHERE height = 3",
        "UPDATE blocks SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE height = 3",
        "DELETE FROM pool",
        "INSERT INTO pool SELECT number + 1, payment, signature FROM pool",
        "DELETE FROM peers",
        "INSERT INTO peers (address) VALUES ('127.0.0.1:3')",
    ] {
        let node = node();
        open(&node.launch).execute_batch(change).unwrap();
        assert_refuses_changes(&node, change);
    }
}

#[test]
fn harmless_changes_are_allowed() {
    let node = node();
    for (change, number) in
        ["ANALYZE", "VACUUM", "CREATE INDEX mine ON blocks (hash)", "DROP INDEX mine"].iter().zip(1..)
    {
        open(&node.launch).execute_batch(change).unwrap();
        node.accept(&pay(&format!("carol{number}"), "5"));
        node.mine();
    }
    let (state, launch) = (node.state(), node.launch.clone());
    node.stop();
    assert_eq!(launch.start().state(), state);
}
