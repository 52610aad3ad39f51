//! The background check finds tampered blocks of a long chain, and the node never serves one.

use std::sync::LazyLock;

use ledger_core::{BlockHash, Members, canonical};
use rusqlite::Connection;

use crate::harness::durable::{assert_one_line, corrupt_hash_index, database, open};
use crate::harness::http::Answer;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, grown, texts};
use crate::harness::node::Node;
use crate::harness::peer::Peer;

/// A start checks only the newest 1000 blocks.
const LENGTH: usize = 1501;

struct Stored {
    database: Vec<u8>,
    hashes: Vec<String>,
}

static STORED: LazyLock<Stored> = LazyLock::new(|| {
    let chain = chain(LENGTH);
    let launch = Launch::usual().file("chain.json", &answer(&texts(&chain)));
    let import = launch.clone().without("port").without("wallet").argument("import").argument("chain.json");
    assert_eq!(import.end().code, Some(0));
    let hashes = chain.iter().map(|block| block.hash().to_string()).collect();
    Stored { database: std::fs::read(database(&launch)).unwrap(), hashes }
});

fn stored() -> Launch {
    let launch = Launch::usual();
    std::fs::create_dir(launch.folder().join("data")).unwrap();
    std::fs::write(database(&launch), &STORED.database).unwrap();
    launch
}

fn sql(statement: &str) -> Launch {
    let launch = stored();
    open(&launch).execute_batch(statement).unwrap();
    launch
}

/// Changes a block and its stored hash.
fn rewrite(database: &Connection, height: u64, change: impl FnOnce(&mut Members)) {
    let select = "SELECT text FROM blocks WHERE height = ?1";
    let text: String = database.query_row(select, [height], |row| row.get(0)).unwrap();
    let mut block = Members::from_json(text.as_bytes()).unwrap();
    change(&mut block);
    let row = (height, block.hash().to_string(), canonical::text(&block));
    database.execute("UPDATE blocks SET hash = ?2, text = ?3 WHERE height = ?1", row).unwrap();
}

/// Checks that an answer, if there is one, is an error or the original block at this height.
fn assert_not_wrong(height: usize, answer: Option<Answer>) {
    let Some(answer) = answer else { return };
    assert!(matches!(answer.status, 200 | 500), "{} {}", answer.status, answer.text);
    if answer.status == 200 {
        assert_eq!(BlockHash::of_text(&answer.text).to_string(), STORED.hashes[height - 1]);
    }
}

/// Checks that a node starts, serves nothing tampered, and stops with these words.
fn assert_stops(launch: &Launch, words: &[&str]) {
    let node = launch.start();
    for height in [99, 100, 101] {
        // The node may stop before it answers.
        let url = node.url(&format!("/blocks/{height}"));
        assert_not_wrong(height, std::panic::catch_unwind(|| crate::harness::http::get(&url)).ok());
    }
    let ended = node.ended();
    assert_eq!(ended.code, Some(1), "{:#?}", ended.stderr);
    let last = ended.stderr.last().unwrap();
    assert!(
        last.starts_with("node: ") && (last.contains("node import") || last.contains("index of")),
        "{last}"
    );
    words.iter().for_each(|words| assert!(last.contains(words), "no {words:?} in {last}"));
    let error = |line: &&String| {
        line.contains("ERROR") && line.contains("the node accepts no more changes and stops")
    };
    assert_eq!(ended.stderr.iter().filter(error).count(), 1, "{:#?}", ended.stderr);
    let verify = launch.clone().argument("verify").end();
    assert_one_line(&verify, words);
}

#[test]
fn untouched_chain_is_checked_to_the_end() {
    let node = stored().start();
    let end = node.log.find("background check: all 1501 blocks valid");
    assert!(end.is_some(), "{:#?}", node.log.to_end());
    assert_eq!(node.mine()["index"], 1502);
    assert_eq!(node.stop().code, Some(0));
}

#[test]
fn short_chain_needs_no_background_check() {
    let node = Node::start();
    node.mine();
    assert!(!node.stop().stderr.iter().any(|line| line.contains("background")));
}

#[test]
fn changed_block_is_found() {
    for (what, by) in
        [("\"peer\"", "\"thief\""), ("\"amount\": 1,", "\"amount\": 9,"), ("\"proof\": ", "\"proof\": 1")]
    {
        let launch = stored();
        let update = "UPDATE blocks SET text = replace(text, ?1, ?2) WHERE height = 100";
        assert_eq!(open(&launch).execute(update, [what, by]).unwrap(), 1);
        assert_stops(&launch, &["block 100: its content was changed"]);
    }
}

#[test]
fn changed_block_with_its_hash_is_found() {
    let launch = stored();
    rewrite(&open(&launch), 100, |block| block.transactions[0].recipient = "thief".into());
    assert_stops(&launch, &["block 101: previous_hash is ", "but block 100 hashes to "]);
}

#[test]
fn swapped_blocks_are_found() {
    let launch = sql("UPDATE blocks SET height = 3000 WHERE height = 100;
        UPDATE blocks SET height = 100 WHERE height = 101; UPDATE blocks SET height = 101 WHERE height = 3000");
    assert_stops(&launch, &["block 100: index is 101, expected 100"]);
}

#[test]
fn changed_index_of_hashes_is_found() {
    let launch = stored();
    corrupt_hash_index(&launch, 100);
    assert_stops(&launch, &["block 100 is not found by its hash", "REINDEX"]);
}

#[test]
fn changed_index_of_payments_is_found() {
    let launch = sql("UPDATE payments SET entries = replace(entries, '[100,0,1,1]', '[100,0,1,9]')");
    assert_stops(&launch, &["the index of payments for blocks 1 to 1501 has", "export the chain"]);
    let launch = sql("UPDATE payments SET entries = replace(entries, '[100,0,1,1],', '')");
    assert_stops(&launch, &["has 2999 entries, but the blocks have 3000"]);
}

/// A node whose file is changed after its background check.
fn changed_while_it_runs(change: impl FnOnce(&Connection)) -> Node {
    let node = stored().start();
    assert!(node.log.find("background check: all 1501 blocks valid").is_some());
    change(&open(&node.launch));
    node
}

fn assert_not_shown(node: &Node, path: &str, words: &[&str]) {
    node.get(path).assert_says(500, "internal error; the node's log says why");
    let line = node.log.find(words[0]).unwrap();
    for words in words.iter().chain(&["ERROR", "node verify", "node import FILE"]) {
        assert!(line.contains(words), "no {words:?} in {line}");
    }
}

#[test]
fn changed_block_is_not_served() {
    let replace = "UPDATE blocks SET text = replace(text, '\"peer\"', '\"thief\"') WHERE height = 100";
    let node = changed_while_it_runs(|database| database.execute_batch(replace).unwrap());
    let words = ["ledger.db is damaged: block 100: its content was changed"];
    assert_not_shown(&node, "/blocks/100", &words);
    assert_not_shown(&node, &format!("/blocks/{}", STORED.hashes[99]), &words);
    assert_not_shown(&node, "/addresses/peer?from=95&limit=10", &words);
    assert_eq!(node.get("/blocks/99").status, 200);
    assert_eq!(node.get("/blocks/101").status, 200);
    assert_eq!(node.get("/addresses/peer?from=0&limit=10").status, 200);
}

#[test]
fn block_changed_with_its_hash_is_not_served() {
    let node = changed_while_it_runs(|database| rewrite(database, 100, |block| block.proof = 7));
    assert_not_shown(&node, "/blocks/100", &["block 101: previous_hash is ", "but block 100 hashes to "]);
}

#[test]
fn moved_or_reformatted_block_is_not_served() {
    let swap = "UPDATE blocks SET height = 3000 WHERE height = 100;
        UPDATE blocks SET height = 100 WHERE height = 101; UPDATE blocks SET height = 101 WHERE height = 3000;
        UPDATE blocks SET text = replace(text, ': ', ':  ') WHERE height = 200;
        UPDATE blocks SET text = 'no block' WHERE height = 300; DELETE FROM blocks WHERE height = 400";
    let node = changed_while_it_runs(|database| database.execute_batch(swap).unwrap());
    assert_not_shown(&node, "/blocks/100", &["block 100: index is 101, expected 100"]);
    assert_not_shown(&node, "/blocks/101", &["block 101: index is 100, expected 101"]);
    assert_not_shown(&node, "/blocks/200", &["block 200: its text is not in the form"]);
    assert_not_shown(&node, "/blocks/300", &["block 300: its text is "]);
    assert_not_shown(&node, "/addresses/peer?from=395&limit=10", &["block 400 is missing"]);
}

#[test]
fn sync_stops_at_a_damaged_block() {
    let update = "UPDATE blocks SET hash = 'ff' || substr(hash, 3) WHERE height = 100";
    let node = changed_while_it_runs(|database| database.execute_batch(update).unwrap());
    let peer = Peer::with_chain(&grown(chain(LENGTH), 1));
    node.register(&[&peer.address()]);
    assert_eq!(node.get("/nodes/resolve").status, 500);
    let line = node.log.find("ERROR").unwrap();
    assert!(line.contains("block 100: its content was changed"), "{line}");
    assert_eq!(node.get("/blocks/latest").json()["index"], LENGTH);
}
