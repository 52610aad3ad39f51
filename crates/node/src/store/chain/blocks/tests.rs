//! Blocks by height and hash, and a damaged index of hashes.

use super::*;
use crate::store::testing::{TestChain, rules, store};
use crate::store::{Store, names};

/// A chain of a genesis and two blocks.
fn chain(directory: &tempfile::TempDir) -> (Store, TestChain) {
    let (mut store, mut chain) = (store(directory.path()), TestChain::new());
    for _ in 0..2 {
        store.append_and(chain.add(Vec::new()), |_| Ok(())).unwrap();
    }
    (store, chain)
}

#[test]
fn block_is_found_by_height_and_hash() {
    let directory = tempfile::tempdir().unwrap();
    let (store, chain) = chain(&directory);
    let (genesis, tip) = (chain.genesis(), chain.tip());
    let find = |which, most| {
        let found = store.reading(|snapshot| find(snapshot, &*rules(), &which, most)).unwrap();
        found.map(|found| (found.height.get(), found.hash, found.length, found.text))
    };
    let (first, length) = (Height::GENESIS, genesis.text().len());
    let expected = |text: Option<&str>| Some((1, genesis.hash(), length as u64, text.map(str::to_owned)));
    for which in [Which::At(first), Which::Hash(genesis.hash())] {
        assert_eq!(find(which, length), expected(Some(genesis.text())));
        assert_eq!(find(which, length - 1), expected(None), "too long to read");
    }
    let last = find(Which::Latest, 1 << 20).unwrap();
    assert_eq!((last.0, last.1), (3, tip.hash));
    for missing in [4, u64::MAX] {
        assert_eq!(find(Which::At(Height::new(missing).unwrap()), 1 << 20), None);
    }
    assert_eq!(find(Which::Hash(BlockHash::of_text("no block")), 1 << 20), None);
}

#[test]
fn block_that_the_index_confuses_with_another_is_damage() {
    let directory = tempfile::tempdir().unwrap();
    let (store, chain) = chain(&directory);
    // Gives `blocks` the index of a table in which the hashes of the first two blocks are swapped.
    let confuse = "CREATE TABLE other (height INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE);
        INSERT INTO other SELECT iif(height < 3, 3 - height, height), hash FROM blocks;
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_other_1')
            WHERE name = 'sqlite_autoindex_blocks_1';
        PRAGMA writable_schema = RESET";
    Connection::open(names::database(directory.path())).unwrap().execute_batch(confuse).unwrap();
    let which = Which::Hash(chain.genesis().hash());
    let found = store.reading(|snapshot| find(snapshot, &*rules(), &which, 1 << 20));
    let fault = found.unwrap_err().to_string();
    assert!(fault.contains("block 2 is not found by its hash"), "{fault}");
}

#[test]
fn chain_continues_after_its_tip() {
    let directory = tempfile::tempdir().unwrap();
    let (store, chain) = chain(&directory);
    let (tip, _) = store.tip(&rules()).unwrap().unwrap();
    assert_eq!(tip, chain.tip());
    let read = |snapshot: &Connection| {
        let hashes = hashes(snapshot, 2, 9)?;
        Ok((length(snapshot)?, hash_at(snapshot, 3)?, hash_at(snapshot, 4)?, hashes.len()))
    };
    assert_eq!(store.reading(read).unwrap(), (3, Some(tip.hash), None, 2));
    store.reading(|snapshot| text_at(snapshot, &*rules(), 4)).unwrap_err();
    assert!(placed(0).is_err() && placed(1).is_ok());
}

#[test]
fn texts_are_read_up_to_a_count_and_a_size() {
    let directory = tempfile::tempdir().unwrap();
    let (store, chain) = chain(&directory);
    let text = |height| store.reading(|snapshot| text_at(snapshot, &*rules(), height)).unwrap();
    let all = [1, 2, 3].map(|height| text(height).into_bytes());
    let read = |from, count, most| {
        let read = store.reading(|snapshot| texts(snapshot, from, count, most)).unwrap();
        (read.texts, read.large)
    };
    let [first, second, _] = all.each_ref().map(Vec::len);
    assert_eq!(read(1, 9, 1 << 20), (all.to_vec(), None));
    assert_eq!(read(2, 1, 1 << 20), (all[1..2].to_vec(), None));
    assert_eq!(read(1, 9, first + second), (all[..2].to_vec(), None));
    assert_eq!(read(1, 9, first + second - 1), (all[..1].to_vec(), None));
    let hash = BlockHash::of_text(&text(2));
    assert!(first < second);
    assert_eq!(read(1, 9, first), (all[..1].to_vec(), Some((hash, second as u64))));
    let large = Some((chain.genesis().hash(), first as u64));
    assert_eq!(read(1, 9, first - 1), (vec![], large));
}

#[test]
fn height_of_a_hash_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let (store, chain) = chain(&directory);
    let height = |hash| store.reading(|snapshot| height_of(snapshot, hash)).unwrap();
    assert_eq!([chain.genesis().hash(), chain.tip().hash].map(height), [Some(1), Some(3)]);
    assert_eq!(height(BlockHash::of_text("no block")), None);
}
