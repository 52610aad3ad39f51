use ledger_core::{ForkPoint, Height, Tip, Transaction};

use super::*;
use crate::store::Store;
use crate::store::chain::Batch;
use crate::store::directory::MissingLog;
use crate::store::index::Keys;
use crate::store::testing::{TestChain, rules};

const FORK: u64 = 4;

/// A store with seven blocks, of which all but the genesis were written together and have signatures; and a stage.
fn store(directory: &tempfile::TempDir) -> (Store, Stage) {
    let mut chain = TestChain::new();
    let mut store = Store::open(directory.path(), MissingLog::Refused, || chain.genesis()).unwrap();
    let (mut batch, mut keys) = (Batch::default(), Keys::default());
    let mut fork = ForkPoint::Nothing;
    for index in 2..=7 {
        let to = |to| Transaction::reward(format!("r{}", to * index % 5), to);
        batch.add(chain.add((0..3).map(to).collect()), &mut keys);
        if index == FORK {
            fork = chain.tip().into();
        }
    }
    let batch = batch.ready();
    let write = |connection: &Connection| {
        batch.append(connection)?;
        (2..=7).try_for_each(|height| signatures::add(connection, height, (0..).zip(["a", "b"])))
    };
    store.durably(write).unwrap();
    store.create_stage(1).unwrap();
    (store, Stage { id: 1, fork, tip: chain.tip(), payments: 0, bytes: 0, has_common: false })
}

fn rows(store: &Store, table: &str) -> Vec<Vec<rusqlite::types::Value>> {
    let read = |connection: &Connection| {
        let mut select = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3"))?;
        let columns = select.column_count();
        let rows = select.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    store.reading(read).unwrap()
}

/// Our tables without the later blocks.
fn expected(store: &mut Store) -> [Vec<Vec<rusqlite::types::Value>>; 3] {
    let cut = |connection: &Connection| {
        connection.execute("DELETE FROM blocks WHERE height > ?1", [FORK])?;
        rows::delete_after(connection, FORK)?;
        signatures::delete_after(connection, FORK)
    };
    store.durably(cut).unwrap();
    ["blocks", "payments", "signatures"].map(|table| rows(store, table))
}

#[test]
fn copy_equals_our_tables_without_the_later_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let (mut store, stage) = store(&directory);
    let mut copied = Some(Copied::default());
    while let Some(so_far) = copied {
        copied = store.copy_common(&stage, so_far).unwrap();
    }
    let read =
        |connection: &Connection| index(connection, &*rules(), (whole_segments(FORK), FORK), usize::MAX);
    let (mut indexed, last) = store.reading(read).unwrap();
    assert_eq!(last, FORK);
    store.append_to_stage(stage.id, &mut indexed).unwrap();
    let found = ["blocks", "payments", "signatures"].map(|table| rows(&store, &format!("staged_1_{table}")));
    assert_eq!(found, expected(&mut store));
}

#[test]
fn rows_are_copied_in_parts_of_any_size() {
    for size in [(1, 1 << 20), (2, 1 << 20), (3, 1 << 20), (1 << 20, 1), (1 << 20, 60), (1 << 20, 1 << 20)] {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, _) = store(&directory);
        let (mut payment, mut signature) = (Some((0, i64::MIN, 0)), Some((0, 0)));
        while let Some(after) = payment {
            let copy = |connection: &_| rows::copy(connection, "staged_1_payments", after, 1, size);
            payment = store.reading(copy).unwrap();
        }
        while let Some(after) = signature {
            let copy =
                |connection: &_| signatures::copy(connection, "staged_1_signatures", after, FORK, size.0);
            signature = store.reading(copy).unwrap();
        }
        let payments = rows(&store, "payments");
        let found = ["payments", "signatures"].map(|table| rows(&store, &format!("staged_1_{table}")));
        let [.., signatures] = expected(&mut store);
        assert_eq!(found, [payments, signatures]);
    }
}

#[test]
fn rows_of_the_forks_segment_are_not_copied() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = store(&directory);
    let first = (0, i64::MIN, 0);
    let copy = |connection: &_| rows::copy(connection, "staged_1_payments", first, 0, (9, 9));
    let copied = store.reading(copy).unwrap();
    assert_eq!((copied, rows(&store, "staged_1_payments")), (None, vec![]));
    assert_eq!([1, 4095, 4096, 9000].map(whole_segments), [0, 0, 4095, 8191]);
}

#[test]
fn index_stops_before_a_large_block() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = store(&directory);
    let last =
        |after, largest| store.reading(|found| index(found, &*rules(), (after, FORK), largest)).unwrap().1;
    let genesis = rows(&store, "blocks").iter().map(|row| text(&row[2])).min().unwrap() as usize;
    assert_eq!([last(0, genesis - 1), last(0, genesis), last(1, genesis)], [0, 1, 1]);
    assert_eq!(last(1, 2 * genesis + 500), FORK);
}

#[test]
fn large_blocks_are_not_copied_for_small_ones() {
    let directory = tempfile::tempdir().unwrap();
    let (store, stage) = store(&directory);
    let bytes = |stage, bytes| {
        let stage = Stage { bytes, ..stage };
        store.reading(|found| bytes_to_copy(found, &stage)).unwrap()
    };
    let common: u64 = rows(&store, "blocks").iter().take(4).map(|row| text(&row[2])).sum();
    assert_eq!(bytes(stage, 1), None, "few new blocks");
    let tip = Tip { height: Height::new(15).unwrap(), ..stage.tip };
    let extends = Stage { fork: stage.tip.into(), tip, ..stage };
    assert_eq!(bytes(extends, 1), None, "many new blocks, but tiny ones");
    assert!(bytes(extends, 1_000).is_some());
    assert_eq!(bytes(stage, AT_ONCE + 1), Some(common));
    assert_eq!(bytes(Stage { fork: ForkPoint::Nothing, ..stage }, 1), Some(0));
}

#[test]
fn weight_of_an_adoption_is_what_it_writes_and_deletes() {
    let directory = tempfile::tempdir().unwrap();
    let (store, stage) = store(&directory);
    let replaced: u64 = rows(&store, "blocks").iter().skip(4).map(|row| text(&row[2])).sum();
    let most = AT_ONCE - 3 * PAYMENT - 4 * replaced;
    for (bytes, is_copied) in [(most, false), (most + 1, true)] {
        let stage = Stage { bytes, payments: 3, ..stage };
        let copied = store.reading(|found| bytes_to_copy(found, &stage)).unwrap();
        assert_eq!(copied.is_some(), is_copied);
    }
}

fn text(value: &rusqlite::types::Value) -> u64 {
    let rusqlite::types::Value::Text(text) = value else { panic!("no text") };
    text.len() as u64
}
