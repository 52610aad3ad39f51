//! Tampering with the small tables of a stopped node: the next start finds changed, added and removed rows.

use std::sync::LazyLock;

use crate::harness::durable::{assert_one_line, database, open};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;

/// A database with three waiting payments and two neighbours.
static STORED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let launch = Launch::usual();
    let node = launch.start();
    node.mine();
    node.register(&["localhost:7001", "localhost:7002"]);
    for (recipient, amount) in [("bob", "1"), ("bob", "15"), ("carol", "\"7\"")] {
        node.accept(&pay(recipient, amount));
    }
    assert_eq!(node.stop().code, Some(0));
    std::fs::read(database(&launch)).unwrap()
});

fn stored() -> Launch {
    let launch = Launch::usual();
    std::fs::create_dir(launch.folder().join("data")).unwrap();
    std::fs::write(database(&launch), &*STORED).unwrap();
    launch
}

/// Checks that a start and `verify` fail with these words after each change, and leave the file unchanged.
fn assert_found(changes: &[&str], words: &[&str]) {
    for change in changes {
        let launch = stored();
        open(&launch).execute_batch(change).unwrap();
        let before = std::fs::read(database(&launch)).unwrap();
        assert_one_line(&launch.end(), words);
        assert_one_line(&launch.clone().argument("verify").end(), words);
        assert!(std::fs::read(database(&launch)).unwrap() == before, "{change}: the file has changed");
    }
}

#[test]
fn untouched_tables_are_accepted() {
    let node = stored().start();
    assert_eq!((node.pool().len(), node.nodes().len()), (3, 2));
}

#[test]
fn changed_neighbours_are_found() {
    let changed = "UPDATE peers SET address = 'localhost:7003' WHERE address = 'localhost:7001'";
    let words = ["the table peers of ledger.db was changed", "rows written: 2, found: 2", "sqlite3"];
    assert_found(&[changed], &words);
    assert_found(&["INSERT INTO peers VALUES ('192.0.2.1:7003')"], &["peers", "rows written: 2, found: 3"]);
    assert_found(
        &["DELETE FROM peers WHERE address = 'localhost:7001'"],
        &["peers", "rows written: 2, found: 1"],
    );
    assert_found(&["DELETE FROM peers"], &["peers", "rows written: 2, found: 0"]);
}

#[test]
fn changed_pool_order_or_size_is_found() {
    let swapped = "UPDATE pool SET number = 70 WHERE number = 0; UPDATE pool SET number = 0 WHERE number = 1;
        UPDATE pool SET number = 1 WHERE number = 70";
    let moved = "UPDATE pool SET number = number + 5";
    assert_found(
        &[swapped, moved],
        &["the table pool of ledger.db was changed", "rows written: 3, found: 3"],
    );
    let removed = ["DELETE FROM pool WHERE number = 0", "DELETE FROM pool WHERE number = 2"];
    assert_found(&removed, &["pool", "rows written: 3, found: 2"]);
    let doubled = "INSERT INTO pool SELECT 70, payment, signature FROM pool WHERE number = 1";
    assert_found(&[doubled], &["pool", "rows written: 3, found: 4"]);
    let unsigned = "UPDATE pool SET signature = NULL WHERE number = 1";
    assert_found(&[unsigned], &["pool", "rows written: 3, found: 3"]);
}

#[test]
fn changed_text_with_a_valid_signature_is_found() {
    // The signed message joins sender, recipient and amount without separators or types.
    let shifted = r#"UPDATE pool SET payment = replace(replace(payment, '"bob"', '"bob1"'), ': 15,', ': 5,') WHERE number = 1"#;
    let other_type = r#"UPDATE pool SET payment = replace(payment, ': "7",', ': 7,')"#;
    assert_found(&[shifted, other_type], &["the table pool of ledger.db was changed"]);
}

#[test]
fn changed_table_is_accepted_on_request() {
    let launch = stored();
    open(&launch).execute_batch("DELETE FROM peers").unwrap();
    assert_one_line(&launch.end(), &["DELETE FROM seals WHERE name = 'peers'"]);
    open(&launch).execute_batch("DELETE FROM seals WHERE name = 'peers'").unwrap();
    let node = launch.start();
    assert_eq!(node.nodes(), [""; 0]);
    node.stop();
    // The accepted table is sealed again.
    open(&launch).execute_batch("INSERT INTO peers VALUES ('192.0.2.1:7003')").unwrap();
    assert_one_line(&launch.end(), &["the table peers", "rows written: 0, found: 1"]);
}

#[test]
fn first_neighbour_added_by_hand_is_found() {
    let launch = Launch::usual();
    launch.start().stop();
    open(&launch).execute_batch("INSERT INTO peers VALUES ('192.0.2.1:7003')").unwrap();
    assert_one_line(&launch.end(), &["the table peers", "rows written: 0, found: 1"]);
}

#[test]
fn killed_nodes_neighbours_are_sealed() {
    let launch = stored();
    let node = launch.start();
    node.register(&["localhost:7009"]);
    node.accept(&pay("dave", "9"));
    node.signal("KILL");
    node.ended();
    let node = launch.start();
    assert_eq!((node.pool().len(), node.nodes().len()), (4, 3), "a kill is no damage");
    node.signal("KILL");
    node.ended();
    open(&launch).execute_batch("DELETE FROM peers WHERE address = 'localhost:7001'").unwrap();
    assert_one_line(&launch.end(), &["the table peers", "rows written: 3, found: 2"]);
}

#[test]
fn false_layout_version_is_named() {
    for (version, words) in [(0, "its header says layout 0"), (1, "its header says layout 1")] {
        let launch = stored();
        open(&launch).pragma_update(None, "user_version", version).unwrap();
        assert_one_line(&launch.end(), &["ledger.db is damaged", words]);
    }
    let launch = stored();
    open(&launch).pragma_update(None, "user_version", -1).unwrap();
    assert_one_line(&launch.end(), &["ledger.db is not a ledger of this program"]);
}
