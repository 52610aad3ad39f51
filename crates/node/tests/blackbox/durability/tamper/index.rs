//! Tampering with what a stopped node stores beside blocks: payment index, hash index, and signatures.

use crate::durability::tamper::blocks::{assert_found, assert_verify_finds, changed, sql, stored};
use crate::harness::durable::{corrupt_hash_index, open};
use crate::harness::launch::Launch;

/// Changes the first character of the signature in block 3.
const CHANGED_SIGNATURE: &str = "UPDATE signatures SET signature = iif(signature GLOB 'A*', 'B', 'A') || substr(signature, 2) \
                                 WHERE height = 3";

/// Selects the index row with only block 3's payment for its recipient: `[height, position, role, amount]`.
const OF_BLOCK_3: &str = "entries = '[[3,0,1,3]]'";

fn index(change: &str) -> Launch {
    changed(|database| {
        let rows = database.execute(&format!("{change} WHERE {OF_BLOCK_3}"), []).unwrap();
        assert_eq!(rows, 1, "the index has another layout");
    })
}

#[test]
fn index_without_a_payment_is_found() {
    let words = ["the index of payments for blocks 1 to 6 has 19 entries, but the blocks have 20"];
    assert_found(&index("DELETE FROM payments"), &words);
}

#[test]
fn index_with_another_amount_is_found() {
    let launch = index("UPDATE payments SET entries = '[[3,0,1,3000]]'");
    assert_found(&launch, &["index of payments", "export the chain"]);
}

#[test]
fn contradictory_index_rows_are_found() {
    for change in [
        "entries = '[]'",
        "entries = '[[2,0,1,3]]'",
        "first = 2",
        "last = 4",
        "last = 2",
        "first = 0",
        "first = 5000, last = 5000, segment = 0",
        "segment = -1",
        "segment = -1, first = -4000, last = -4000, entries = '[[3,0,1,3]]'",
        "segment = 1",
    ] {
        let launch = index(&format!("UPDATE payments SET {change}"));
        assert_found(&launch, &["index of payments"]);
    }
}

#[test]
fn index_that_is_not_a_list_is_found() {
    assert_found(&index("UPDATE payments SET entries = 'nothing'"), &["index of payments"]);
}

#[test]
fn index_entries_without_a_block_are_found() {
    let launch = index("UPDATE payments SET first = 70, last = 70, entries = '[[70,0,1,3]]'");
    assert_found(&launch, &["index of payments"]);
}

#[test]
fn verify_finds_changed_signatures() {
    for change in [
        CHANGED_SIGNATURE,
        "UPDATE signatures SET signature = 'nothing' WHERE height = 3",
        "UPDATE signatures SET signature = (SELECT signature FROM signatures WHERE height = 4) WHERE height = 3",
    ] {
        assert_verify_finds(
            &sql(change),
            &["block 3: the signature kept beside payment 0", "DELETE FROM signatures"],
        );
    }
    // A signature beside the reward, and one beside no payment.
    for position in [1, 7] {
        let launch = changed(|database| {
            let update = "UPDATE signatures SET position = ?1 WHERE height = 3";
            assert_eq!(database.execute(update, [position]).unwrap(), 1);
        });
        let named = format!("block 3: the signature kept beside payment {position}");
        assert_verify_finds(&launch, &[&named]);
    }
}

#[test]
fn changed_index_of_hashes_is_found() {
    let launch = stored();
    corrupt_hash_index(&launch, 3);
    assert_found(&launch, &["block 3 is not found by its hash", "sqlite3 ledger.db REINDEX"]);
    let connection = open(&launch);
    connection.execute_batch("REINDEX").unwrap();
    drop(connection);
    assert_eq!(launch.start().chain().len(), 6, "the command that the refusal names repairs it");
}

#[test]
fn background_check_finds_a_changed_signature() {
    let launch = sql(CHANGED_SIGNATURE);
    let ended = launch.start().ended();
    assert_eq!(ended.code, Some(1), "{:#?}", ended.stderr);
    let last = ended.stderr.last().unwrap();
    assert!(last.starts_with("node: block 3: the signature kept beside payment 0 was changed"), "{last}");
    let command = "DELETE FROM signatures WHERE height = 3 AND position = 0";
    assert!(last.contains(command), "{last}");
    open(&launch).execute_batch(command).unwrap();
    let node = launch.start();
    assert_eq!(node.chain().len(), 6);
    assert_eq!(node.stop().code, Some(0), "the command that the refusal names repairs it");
}
