//! The mark of a database whose use began or ended in an unusual way.

use std::fs::{self, File};

use tempfile::TempDir;

use super::*;
use crate::store::chain::Discards;
use crate::store::directory::MissingLog;
use crate::store::layout::Header;
use crate::store::names::DATABASE;
use crate::store::testing::{TestChain, store};

const LOG: &str = "ledger.db-wal";

/// The state that a database's file is marked with, whatever its log says.
fn marked(file: &Path) -> State {
    Header::read(&File::open(file).unwrap()).unwrap().unwrap().mark.unwrap().state
}

fn open(directory: &Path) -> Store {
    Store::open(directory, MissingLog::Refused, || TestChain::new().genesis()).unwrap()
}

fn state(store: &Store) -> State {
    store.reading(|connection| Ok(Mark::read(connection)?.state)).unwrap()
}

/// The files of an open store, as a killed node leaves them.
fn killed(directory: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in [DATABASE, LOG] {
        fs::copy(directory.path().join(name), copy.path().join(name)).unwrap();
    }
    copy
}

#[test]
fn database_is_marked_before_it_gets_a_log() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = open(directory.path());
    assert_eq!(state(&store), State::Closed);
    store.begin_log().unwrap();
    assert_eq!(marked(&names::database(directory.path())), State::Opening);
}

#[test]
fn log_of_a_killed_node_stays() {
    let directory = tempfile::tempdir().unwrap();
    let mut first = store(directory.path());
    first.note_wallet("amy").unwrap();
    let copy = killed(&directory);
    let length = || fs::metadata(copy.path().join(LOG)).unwrap().len();
    let before = length();
    let mut second = open(copy.path());
    second.begin_log().unwrap();
    assert!(before > 0 && length() == before);
}

#[test]
fn database_that_was_being_closed_is_marked_as_open_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut first = store(directory.path());
    first.durably(|connection| set_state(connection, State::Closed)).unwrap();
    assert_eq!(marked(&names::database(directory.path())), State::Open, "the log has the change");
    let copy = killed(&directory);
    assert_eq!(state(&store(copy.path())), State::Open);
}

#[test]
fn free_pages_are_released_after_a_start() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(open(directory.path()).discards(), Discards::Nothing);
    assert_eq!(store(directory.path()).discards(), Discards::Due);
}

#[test]
fn moved_database_is_closed_where_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(directory.path());
    store.note_wallet("amy").unwrap();
    let (database, moved) = (names::database(directory.path()), directory.path().join("moved.db"));
    fs::rename(&database, &moved).unwrap();
    fs::write(&database, "another").unwrap();
    drop(store);
    assert_eq!(marked(&moved), State::Closed);
    assert_eq!(fs::read_to_string(&database).unwrap(), "another");
    assert!(directory.path().join(LOG).exists(), "the log may belong to the other database");
}

#[test]
fn database_is_unchanged_if_the_shared_memory_was_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(directory.path());
    store.note_wallet("amy").unwrap();
    let shared = directory.path().join("ledger.db-shm");
    fs::rename(&shared, directory.path().join("moved")).unwrap();
    fs::write(&shared, "another").unwrap();
    let database = names::database(directory.path());
    let before = fs::read(&database).unwrap();
    drop(store);
    assert!(fs::read(&database).unwrap() == before);
    assert_eq!(marked(&database), State::Open);
}
