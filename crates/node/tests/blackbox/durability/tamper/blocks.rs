//! Tampering with stored blocks: each change is found and named, and the file is not changed further.

use std::sync::LazyLock;

use ledger_core::{BlockHash, Members, canonical};
use rusqlite::Connection;

use crate::harness::durable::{assert_one_line, database, open, staged};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;

/// A database with six blocks, a payment in each but the first, and a waiting payment.
static STORED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let launch = Launch::usual();
    let node = launch.start();
    for number in 2..=6 {
        node.accept(&pay(&format!("recipient {number}"), &number.to_string()));
        node.mine();
    }
    node.accept(&pay("who waits", "7"));
    node.stop();
    std::fs::read(database(&launch)).unwrap()
});

/// A folder with the six blocks.
pub(crate) fn stored() -> Launch {
    let launch = Launch::usual();
    std::fs::create_dir(launch.folder().join("data")).unwrap();
    std::fs::write(database(&launch), &*STORED).unwrap();
    launch
}

/// Changes the stored database through SQLite.
pub(crate) fn changed(change: impl FnOnce(&Connection)) -> Launch {
    let launch = stored();
    change(&open(&launch));
    launch
}

pub(crate) fn sql(statement: &'static str) -> Launch {
    changed(|database| database.execute_batch(statement).unwrap())
}

fn row(database: &Connection, height: u64) -> (String, String) {
    let select = "SELECT hash, text FROM blocks WHERE height = ?1";
    database.query_row(select, [height], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

pub(crate) fn set_text(database: &Connection, height: u64, text: &str) {
    database.execute("UPDATE blocks SET text = ?2 WHERE height = ?1", (height, text)).unwrap();
}

/// Changes a block and its stored hash. Returns the old and new hash.
pub(crate) fn rewrite(database: &Connection, height: u64, change: impl FnOnce(&mut Members)) -> [String; 2] {
    let (before, text) = row(database, height);
    let mut block = Members::from_json(text.as_bytes()).unwrap();
    change(&mut block);
    let after = block.hash().to_string();
    set_text(database, height, &canonical::text(&block));
    database.execute("UPDATE blocks SET hash = ?2 WHERE height = ?1", (height, &after)).unwrap();
    [before, after]
}

/// Checks that `verify` fails with these words.
pub(crate) fn assert_verify_finds(launch: &Launch, words: &[&str]) {
    let ended = launch.clone().argument("verify").end();
    assert_one_line(&ended, words);
    assert_eq!(ended.stdout, [""; 0]);
}

/// Checks that `export` fails with these words and writes nothing.
pub(crate) fn assert_not_exported(launch: &Launch, words: &[&str]) {
    let ended = launch.clone().argument("export").argument("backup.json").end();
    assert_one_line(&ended, &[&["the chain is not exported"], words].concat());
    assert!(!launch.folder().join("backup.json").exists());
}

/// Checks that `verify` and a start fail with these words, and neither changes the file.
pub(crate) fn assert_found(launch: &Launch, words: &[&str]) {
    let before = std::fs::read(database(launch)).unwrap();
    assert_verify_finds(launch, words);
    assert_one_line(&launch.end(), words);
    assert!(std::fs::read(database(launch)).unwrap() == before, "the file has changed");
}

#[test]
fn untouched_chain_is_verified() {
    let launch = stored();
    let ended = launch.clone().argument("verify").end();
    assert_eq!((ended.code, ended.stderr.len()), (Some(0), 0), "{:?}", ended.stderr);
    assert_eq!(ended.stdout, ["6 blocks: all hashes, links and proofs are valid at difficulty 2"]);
    assert_eq!(launch.start().chain().len(), 6);
}

#[test]
fn changed_amount_is_named_with_both_hashes() {
    let mut hashes = [String::new(), String::new()];
    let launch = changed(|database| {
        let (hash, text) = row(database, 3);
        let text = text.replace(r#"{"amount": 3, "#, r#"{"amount": 3000, "#);
        set_text(database, 3, &text);
        hashes = [hash, BlockHash::of_text(&text).to_string()];
    });
    let words = ["block 3: its content was changed", &hashes[0], &hashes[1]];
    assert_found(&launch, &words);
    assert_not_exported(&launch, &words);
}

#[test]
fn payment_changed_with_its_hash_breaks_the_next_block() {
    let mut hashes = [String::new(), String::new()];
    let launch = changed(|database| {
        hashes = rewrite(database, 3, |block| block.transactions[0].recipient = "thief".into());
    });
    let [before, after] = hashes;
    let words = format!("block 4: previous_hash is {before}, but block 3 hashes to {after}");
    assert_found(&launch, &[&words]);
    assert_not_exported(&launch, &[&words]);
}

#[test]
fn changed_proof_is_named_with_its_hash() {
    let launch = changed(|database| drop(rewrite(database, 3, |block| block.proof = 987_654)));
    let words = ["block 3: proof 987654 does not solve the puzzle of block 2", "hashes to", "2 zeros"];
    assert_found(&launch, &words);
}

#[test]
fn changed_hash_is_named_with_both_sides() {
    let launch = sql("UPDATE blocks SET hash = upper(hash) WHERE height = 2");
    assert_found(&launch, &["block 2: ", "it was stored under"]);
}

#[test]
fn swapped_blocks_are_named_with_both_indexes() {
    let launch = sql("UPDATE blocks SET height = 30 WHERE height = 3;
        UPDATE blocks SET height = 3 WHERE height = 4; UPDATE blocks SET height = 4 WHERE height = 30");
    assert_found(&launch, &["block 3: index is 4, expected 3"]);
}

#[test]
fn missing_block_is_named() {
    let middle = sql("DELETE FROM blocks WHERE height = 3");
    assert_found(&middle, &["block 3 is missing, though there are blocks after it"]);
    let first = sql("DELETE FROM blocks WHERE height = 1");
    assert_found(&first, &["block 1 is missing, though there are blocks after it"]);
}

#[test]
fn block_at_height_0_is_counted() {
    let launch = sql("UPDATE blocks SET height = 0 WHERE height = 1");
    assert_found(&launch, &["there are 6 rows for 6 blocks"]);
}

#[test]
fn block_that_is_not_json_is_named() {
    let launch = changed(|database| set_text(database, 3, "no JSON at all"));
    assert_found(&launch, &["block 3: its text is "]);
    let launch = changed(|database| set_text(database, 6, ""));
    assert_found(&launch, &["block 6: its text is "]);
}

#[test]
fn block_in_another_layout_is_named() {
    let launch = changed(|database| {
        let (_, text) = row(database, 3);
        set_text(database, 3, &text.replace(", ", ",\n  "));
    });
    assert_found(&launch, &["block 3: its text is not in the form in which it was hashed"]);
}

#[test]
fn removed_last_row_is_found() {
    let launch = sql("DELETE FROM blocks WHERE height = 6");
    assert_found(&launch, &["index of payments"]);
}

#[test]
fn start_names_an_invalid_waiting_payment() {
    let launch = sql("UPDATE pool SET payment = 'nothing'");
    assert_one_line(&launch.end(), &["ledger.db is damaged", "payment", "of the pool"]);
}

#[test]
fn changed_waiting_payment_stops_the_start() {
    let launch = sql(r#"UPDATE pool SET payment = replace(payment, '"amount": 7,', '"amount": 7000,')"#);
    let before = std::fs::read(database(&launch)).unwrap();
    assert_one_line(&launch.end(), &["payment", "of the pool", "signature"]);
    assert!(std::fs::read(database(&launch)).unwrap() == before, "the file has changed");
}

#[test]
fn start_names_an_invalid_neighbour() {
    let launch = sql("INSERT INTO peers VALUES ('no address')");
    assert_one_line(&launch.end(), &["ledger.db is damaged", "the neighbour", "no address"]);
}

#[test]
fn start_removes_abandoned_staging() {
    let launch =
        sql("CREATE TABLE staged_7_blocks (height INTEGER); CREATE TABLE staged_7_payments (height INTEGER)");
    let node = launch.start();
    assert_eq!((staged(&launch), node.chain().len()), (0, 6));
}
