//! The files of a store after its use.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::*;
use crate::store::chain::Discards;
use crate::store::directory::MissingLog;
use crate::store::errors::StoreError;
use crate::store::layout::{Header, Sealed, State};
use crate::store::names::{self, INCOMPLETE, LAST};
use crate::store::tables::peers;
use crate::store::testing::{TestChain, store};

fn open(directory: &Path) -> Result<Store, StoreError> {
    Store::open(directory, MissingLog::Refused, || TestChain::new().genesis())
}

/// The state that the database's file is marked with.
fn marked(directory: &Path) -> State {
    let file = File::open(names::database(directory)).unwrap();
    Header::read(&file).unwrap().unwrap().mark.unwrap().state
}

#[test]
fn closed_database_is_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(directory.path());
    store.note_wallet("amy").unwrap();
    assert_eq!(marked(directory.path()), State::Open);
    let watch = store.watch();
    drop(store);
    watch.check().expect("its log was not lost");
    assert_eq!(marked(directory.path()), State::Closed);
    let left = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut left: Vec<_> = left.collect();
    left.sort();
    assert_eq!(left, ["ledger.db", "node.lock"]);
}

#[test]
fn pool_is_sealed_between_two_uses() {
    let directory = tempfile::tempdir().unwrap();
    for wallet in ["amy", "bob"] {
        let mut store = store(directory.path());
        assert!(Sealed::Pool.check(&store.connection).unwrap());
        store.note_wallet(wallet).unwrap();
        assert!(!Sealed::Pool.check(&store.connection).unwrap());
    }
}

#[test]
fn peers_without_a_seal_get_one() {
    let directory = tempfile::tempdir().unwrap();
    drop(store(directory.path()));
    let database = Connection::open(names::database(directory.path())).unwrap();
    database.execute_batch("DELETE FROM seals WHERE name = 'peers'").unwrap();
    drop(database);
    assert!(Sealed::Peers.check(&store(directory.path()).connection).unwrap());
}

#[test]
fn peers_survive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let peer: ledger_core::NodeAddress = "localhost:5001".parse().unwrap();
    store(directory.path())
        .durably(|connection| peers::add(connection, std::slice::from_ref(&peer)))
        .unwrap();
    assert_eq!(store(directory.path()).peers().unwrap(), [peer].into());
}

#[test]
fn last_state_of_a_burst_is_written_when_the_store_settles() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(directory.path());
    let last = File::options().write(true).open(directory.path().join(LAST)).unwrap();
    let length = || last.metadata().unwrap().len();
    loop {
        last.set_len(0).unwrap();
        store.usage.as_mut().unwrap().note(&store.connection, None);
        // A commit less than 10 ms after the one before waits.
        if length() == 0 {
            break;
        }
    }
    store.settle();
    assert!(length() > 0);
}

#[test]
fn incomplete_database_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(INCOMPLETE), "killed").unwrap();
    drop(open(directory.path()).unwrap());
    assert!(!directory.path().join(INCOMPLETE).exists());
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join(INCOMPLETE)).unwrap();
    assert!(matches!(open(directory.path()), Err(StoreError::File { .. })));
}

#[test]
fn change_waits_briefly_once_the_database_is_locked() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(directory.path());
    let other = Connection::open(names::database(directory.path())).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.connection.busy_timeout(Duration::ZERO).unwrap();
    assert!(matches!(store.note_wallet("amy"), Err(StoreError::Locked)));
    let wait: u64 = store.connection.pragma_query_value(None, "busy_timeout", |row| row.get(0)).unwrap();
    assert_eq!(wait, 50);
    drop(other);
    store.note_wallet("amy").unwrap();
}

#[test]
fn discarded_tables_are_removed_and_their_space_is_freed() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(directory.path());
    store.create_stage(1).unwrap();
    let fill = "INSERT INTO staged_1_blocks (height, hash, text) VALUES (?1, ?1, hex(zeroblob(1000000)))";
    for height in 1..=12 {
        store.undurably(|connection| Ok(connection.execute(fill, [height])?)).unwrap();
    }
    let begun = Instant::now();
    store.drop_stage(1).unwrap();
    assert!(store.discarded.due.unwrap() >= begun + 2 * Duration::from_millis(40));
    while store.discards() != Discards::Nothing {
        assert!(begun.elapsed() < Duration::from_secs(60));
        store.discard_some().unwrap();
    }
    let read = |sql: &str| store.connection.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
    assert_eq!(read("SELECT count(*) FROM sqlite_master WHERE name GLOB 'staged_*'"), 0);
    let free = read("PRAGMA freelist_count") * read("PRAGMA page_size");
    assert!((14 << 20..=16 << 20).contains(&free), "{free}");
}

#[test]
fn database_with_smaller_pages_keeps_them() {
    let directory = tempfile::tempdir().unwrap();
    drop(store(directory.path()));
    let older = Connection::open(names::database(directory.path())).unwrap();
    older.execute_batch("PRAGMA page_size = 32768; VACUUM").unwrap();
    drop(older);
    let mut store = store(directory.path());
    store.note_wallet("amy").unwrap();
    store.create_stage(1).unwrap();
    store.drop_stage(1).unwrap();
    let page: u32 = store.connection.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    assert_eq!(page, 32_768);
}

#[test]
fn stages_of_a_killed_node_are_dropped() {
    let directory = tempfile::tempdir().unwrap();
    let mut first = store(directory.path());
    first.create_stage(1).unwrap();
    drop(first);
    let mut store = store(directory.path());
    store.create_stage(1).unwrap();
    store.discard(["staged_1_blocks".to_owned()]);
    store.discard_rest().unwrap();
    let left = "SELECT count(*) FROM sqlite_master WHERE name = 'staged_1_blocks'";
    assert_eq!(store.connection.query_row(left, [], |row| row.get::<_, u32>(0)).unwrap(), 0);
}
