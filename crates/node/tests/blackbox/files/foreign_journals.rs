//! Rollback journals beside the database. SQLite rolls back any of them, so another database's would destroy the ledger.

use std::fs;

use rusqlite::Connection;

use crate::files::moved_logs::{assert_refused, beside, busy, copied};
use crate::harness::durable::{assert_one_line, open};
use crate::harness::launch::Launch;
use crate::harness::node::Node;

const FOREIGN: [&str; 3] =
    ["ledger.db-journal", "belongs to another ledger.db", "move ledger.db-journal away"];

/// Changes more pages than SQLite's cache holds, so SQLite writes some before the transaction ends.
const LARGE: &str = "PRAGMA cache_size = 1; BEGIN; DELETE FROM blocks;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO seals SELECT printf('%01000d', i), 0, '' FROM n";

/// Puts another program's journal beside the database.
fn put_foreign(launch: &Launch) {
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("other.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE rows (text);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO rows SELECT printf('%01000d', i) FROM n",
        )
        .unwrap();
    connection.execute_batch("PRAGMA cache_size = 1; BEGIN; UPDATE rows SET text = 'x' || text").unwrap();
    fs::copy(other.path().join("other.db-journal"), beside(launch, "-journal")).unwrap();
}

fn stopped(node: Node) -> Launch {
    let launch = node.launch.clone();
    assert_eq!(node.stop().code, Some(0));
    launch
}

#[test]
fn foreign_journal_is_refused() {
    let launch = stopped(busy());
    put_foreign(&launch);
    assert_refused(&launch, &FOREIGN);
    fs::remove_file(beside(&launch, "-journal")).unwrap();
    let node = launch.start();
    assert_eq!((node.chain().len(), node.pool().len()), (3, 1));
}

#[test]
fn another_ledgers_journal_is_refused() {
    let (launch, other) = (stopped(busy()), stopped(busy()));
    let connection = open(&other);
    connection.execute_batch(LARGE).unwrap();
    fs::copy(beside(&other, "-journal"), beside(&launch, "-journal")).unwrap();
    assert_refused(&launch, &FOREIGN);
}

#[test]
fn interrupted_change_of_another_program_is_rolled_back() {
    let launch = stopped(busy());
    let connection = open(&launch);
    connection.execute_batch(LARGE).unwrap();
    let copy = copied(&launch, &["", "-journal"]);
    assert_eq!(copy.clone().argument("verify").end().code, Some(0));
    assert_eq!(copy.start().chain().len(), 3);
}

#[test]
fn stop_leaves_a_foreign_journal() {
    let node = busy();
    let launch = node.launch.clone();
    put_foreign(&launch);
    assert_one_line(&launch.clone().argument("verify").end(), &FOREIGN);
    node.mine();
    let ended = node.stop();
    assert!(
        ended.stderr.iter().any(|line| line.contains("ledger.db-journal beside ledger.db is not the node's"))
    );
    assert_refused(&launch, &FOREIGN);
    fs::remove_file(beside(&launch, "-journal")).unwrap();
    assert_eq!(launch.start().chain().len(), 4);
}
