//! What a start finds.

use ledger_core::Transaction;
use tempfile::TempDir;

use super::*;
use crate::store::testing::{TestChain, rules, store};
use crate::store::{Batch, Store, StoreError, names};

/// A chain of a genesis and blocks with a reward each.
fn chain(directory: &TempDir, blocks: u64) -> Store {
    let (mut store, mut chain) = (store(directory.path()), TestChain::new());
    let (mut batch, mut keys) = (Batch::default(), Keys::default());
    for _ in 0..blocks {
        batch.add(chain.add(vec![Transaction::reward("bob", 1_u64)]), &mut keys);
    }
    let batch = batch.ready();
    store.durably(|connection| batch.append(connection)).unwrap();
    store
}

/// Changes the database without the store.
fn change(directory: &TempDir, sql: &str) {
    Connection::open(names::database(directory.path())).unwrap().execute_batch(sql).unwrap();
}

fn found<T>(store: &Store, check: impl Fn(&Connection) -> Result<T, Finding>) -> Result<T, Finding> {
    store.reading(|snapshot| Ok::<_, StoreError>(check(snapshot))).unwrap()
}

#[test]
fn missing_and_surplus_rows_are_found() {
    for (change, expected) in [
        ("", "3"),
        ("DELETE FROM blocks WHERE height = 2", "block 2 is missing, though there are blocks after it"),
        ("DELETE FROM blocks WHERE height = 1", "block 1 is missing, though there are blocks after it"),
        ("UPDATE blocks SET height = -1 WHERE height = 1", "there are 3 rows for 3 blocks"),
        ("UPDATE blocks SET height = 0 WHERE height = 2", "there are 3 rows for 3 blocks"),
        (
            "DELETE FROM blocks WHERE height = 3",
            "the index of payments has entries of block 3, but the chain ends at 2",
        ),
        (
            "DELETE FROM blocks WHERE height = 3; DELETE FROM payments",
            "block 3 is missing: the node wrote it as the last",
        ),
        ("DELETE FROM blocks; DELETE FROM payments", "0"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let store = chain(&directory, 2);
        self::change(&directory, change);
        let found =
            found(&store, structure).map_or_else(|finding| finding.to_string(), |last| last.to_string());
        assert!(found.starts_with(expected), "{change}: {found}");
    }
}

#[test]
fn newest_thousand_blocks_are_checked() {
    for (last, from) in [(1, 1), (999, 1), (1_000, 1), (1_001, 2), (5_000, 4_001)] {
        assert_eq!(newest_from(last), from);
    }
}

#[test]
fn short_chain_is_checked_entirely() {
    let directory = tempfile::tempdir().unwrap();
    let store = chain(&directory, 20);
    let newest = || found(&store, |snapshot| newest(snapshot, &rules()));
    newest().unwrap();
    change(&directory, "UPDATE payments SET entries = replace(entries, '[2,0,1,1]', '[2,0,1,2]')");
    assert!(matches!(newest(), Err(Finding::Index { first: 1, last: 21, expected: 40, found: 40 })));
    change(&directory, "DELETE FROM seals WHERE name = 'tip'");
    assert!(matches!(newest(), Err(Finding::Unsealed { first: 1, last: 21 })), "there is no seal to tell");
    change(&directory, "UPDATE blocks SET text = replace(text, 'bob', 'tom') WHERE height = 2");
    assert!(matches!(newest(), Err(Finding::Block(_))));
}

#[test]
fn long_chain_is_checked_at_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let store = chain(&directory, 1_020);
    let newest = || found(&store, |snapshot| newest(snapshot, &rules()));
    newest().unwrap();
    // 1,021 blocks: the last 16 begin at 1,006.
    for (height, is_found) in [(1_005, false), (1_006, true)] {
        let (entry, other) = (format!("[{height},0,1,1]"), format!("[{height},0,1,2]"));
        change(&directory, &format!("UPDATE payments SET entries = replace(entries, '{entry}', '{other}')"));
        let checked = newest();
        let of_index = matches!(checked, Err(Finding::Index { first: 1_006, last: 1_021, .. }));
        assert_eq!((checked.is_err(), of_index), (is_found, is_found), "{checked:?}");
        change(&directory, &format!("UPDATE payments SET entries = replace(entries, '{other}', '{entry}')"));
    }
    for height in [21, 22] {
        let alter = |from: &str, to: &str| {
            change(
                &directory,
                &format!("UPDATE blocks SET text = replace(text, '{from}', '{to}') WHERE height = {height}"),
            );
        };
        alter("bob", "tom");
        // The block before the first one is read, to continue after it.
        newest().unwrap_err();
        alter("tom", "bob");
    }
    change(&directory, "UPDATE blocks SET text = replace(text, 'bob', 'tom') WHERE height = 20");
    newest().unwrap();
}

#[test]
fn empty_database_has_nothing_to_check() {
    let directory = tempfile::tempdir().unwrap();
    let store = chain(&directory, 2);
    change(&directory, "DELETE FROM blocks; DELETE FROM payments");
    found(&store, |snapshot| newest(snapshot, &rules())).unwrap();
}

#[test]
fn index_of_hashes_that_lacks_a_block_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let store = chain(&directory, 2);
    // A second name for the table, without its index.
    let shadow = "PRAGMA writable_schema = ON;
        INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) SELECT 'table', 'shadow', 'shadow', rootpage,
            'CREATE TABLE shadow (height INTEGER PRIMARY KEY, hash TEXT NOT NULL, text TEXT NOT NULL)'
            FROM sqlite_master WHERE name = 'blocks';
        PRAGMA writable_schema = RESET;
        INSERT INTO shadow VALUES (4, 'hash', 'text')";
    change(&directory, shadow);
    let found = found(&store, structure);
    assert!(matches!(found, Err(Finding::HashCount { expected: 4, found: 3 })), "{found:?}");
}
