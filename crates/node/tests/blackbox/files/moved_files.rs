//! Data directories that were moved, linked or damaged, and foreign files beside a database. Refusals change no file.

use std::fs;

use rusqlite::config::DbConfig;

use crate::files::moved_logs::{LOST, assert_refused, beside, busy, copied, data, killed};
use crate::harness::durable::{assert_one_line, database, open};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;

#[test]
fn foreign_shared_memory_is_ignored() {
    let node = busy();
    let launch = node.launch.clone();
    node.stop();
    fs::write(beside(&launch, "-shm"), "dear diary").unwrap();
    assert_eq!(launch.start().pool().len(), 1);
}

#[test]
fn truncated_database_is_left_unchanged() {
    let node = busy();
    let launch = node.launch.clone();
    node.stop();
    let bytes = fs::read(database(&launch)).unwrap();
    for length in [bytes.len() - 1, bytes.len() - 65_536, 66_000, 100] {
        fs::write(database(&launch), &bytes[..length]).unwrap();
        let [found, expected] = [length, bytes.len()].map(|bytes| bytes.to_string());
        assert_refused(&launch, &["ledger.db is damaged: its end is missing", &found, &expected]);
    }
}

#[test]
fn empty_database_is_always_refused() {
    let launch = killed(busy());
    fs::write(database(&launch), "").unwrap();
    assert_refused(&launch, &["ledger.db in data is empty", "node import FILE"]);
    fs::remove_file(beside(&launch, "-wal")).unwrap();
    assert_refused(&launch, &["ledger.db in data is empty"]);
}

#[test]
fn stop_beside_a_reader_leaves_consistent_files() {
    let node = busy();
    let launch = node.launch.clone();
    let reader = open(&launch);
    reader.query_row("SELECT count(*) FROM blocks", [], |_| Ok(())).unwrap();
    assert_eq!(node.stop().code, Some(0));
    assert_eq!(copied(&launch, &["", "-wal"]).start().pool().len(), 1);
    // The last connection to close checkpoints the log.
    drop(reader);
    assert!(!beside(&launch, "-wal").exists());
    assert_eq!(launch.start().pool().len(), 1);
}

#[test]
fn killed_programs_change_is_rolled_back() {
    let node = busy();
    let launch = node.launch.clone();
    node.stop();
    let connection = open(&launch);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    connection.pragma_update(None, "cache_spill", 1).unwrap();
    connection.pragma_update(None, "cache_size", 1).unwrap();
    connection
        .execute_batch("BEGIN; UPDATE blocks SET text = text || ' '; UPDATE pool SET payment = ''")
        .unwrap();
    let copy = copied(&launch, &["", "-journal"]);
    assert!(fs::metadata(beside(&copy, "-journal")).unwrap().len() > 0);
    assert_eq!(copy.start().chain().len(), 3);
}

#[test]
fn linked_database_keeps_its_log_beside_the_target() {
    let launch = killed(busy());
    let linked = Launch::usual().file("data/empty", "");
    std::os::unix::fs::symlink(database(&launch), database(&linked)).unwrap();
    let node = linked.start();
    assert_eq!((node.chain().len(), node.pool().len()), (3, 1));
    node.accept(&pay("carol", "1"));
    let linked = killed(node);
    fs::remove_file(beside(&launch, "-wal")).unwrap();
    assert_refused(&linked, &LOST);
}

#[test]
fn linked_directory_is_followed() {
    let node = busy();
    let launch = node.launch.clone();
    node.stop();
    let linked = Launch::usual();
    std::os::unix::fs::symlink(data(&launch), data(&linked)).unwrap();
    assert_eq!(linked.start().chain().len(), 3);
    let _node = launch.start();
    assert_one_line(&linked.end(), &["in use by another node"]);
}

#[test]
fn moved_directory_works() {
    let launch = killed(busy());
    let moved = Launch::usual();
    fs::rename(data(&launch), data(&moved)).unwrap();
    assert_eq!(moved.start().pool().len(), 1);
}
