//! Checks a single block when it is read: its hash, its height, and the hash that the next block names. So a changed block is
//! never shown, even before the rest of the chain has been checked.

use std::ops::ControlFlow;

use ledger_core::seam::{RuleSet, Stored, StoredError};
use ledger_core::{BlockHash, Height};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::pages::{self, Position};
use crate::store::errors::{Finding, StoreError};

/// Bytes of a block's text that a [`Glance`](ledger_core::seam::Glance) needs.
const BEGINNING: usize = 200;

/// Bytes of a long text that are read at a time.
const PIECE: usize = 256 << 10;

/// Checks a row. Returns the block's hash.
///
/// # Errors
///
/// [`StoreError::Damaged`], which says what is wrong and what to do.
pub(crate) fn check(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    height: Height,
    (hash, text): (&str, &str),
) -> Result<BlockHash, StoreError> {
    let stored = Stored { height, hash, text: text.as_bytes(), saved: None };
    let hash = rules.read_stored(stored).map_err(|error| damaged(error.into()))?;
    check_next(snapshot, rules, height, hash).map(|()| hash)
}

/// Checks a row with a long text, which it reads in pieces. Returns the block's hash.
///
/// # Errors
///
/// As [`check`].
pub(crate) fn check_long(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    height: Height,
    stored: &str,
) -> Result<BlockHash, StoreError> {
    let (mut hasher, mut glance) = (Sha256::new(), None);
    pages::read(snapshot, Position::before(height.get()), height.get(), PIECE, |page| {
        let beginning = &page.texts[..page.texts.len().min(BEGINNING)];
        glance.get_or_insert_with(|| rules.glance(beginning));
        hasher.update(&page.texts);
        ControlFlow::Continue(())
    })?;
    if glance.flatten().is_none_or(|glance| glance.height != height.get()) {
        return Err(damaged(StoredError::Form(height).into()));
    }
    let hash = BlockHash::from_bytes(hasher.finalize().into());
    if hash.to_hex() != stored.as_bytes() {
        return Err(damaged(StoredError::Hash { height, stored: stored.to_owned(), found: hash }.into()));
    }
    check_next(snapshot, rules, height, hash).map(|()| hash)
}

/// Checks that the next block, if there is one, names this one.
fn check_next(
    snapshot: &Connection,
    rules: &dyn RuleSet,
    height: Height,
    hash: BlockHash,
) -> Result<(), StoreError> {
    let next = height.next();
    let Some(text) = pages::beginning(snapshot, next.get(), BEGINNING)? else { return Ok(()) };
    match rules.glance(&text).and_then(|glance| glance.previous) {
        Some(named) if named == hash => Ok(()),
        Some(named) => Err(damaged(Finding::Link { block: next.get(), expected: hash, found: named })),
        None => Err(damaged(StoredError::Form(next).into())),
    }
}

/// The finding as a [`StoreError`] that says what to do.
pub(crate) fn damaged(finding: Finding) -> StoreError {
    StoreError::damaged(format!(
        "{finding}; stop the node, run `node verify`, and restore a backup with `node import FILE --data-dir NEW`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{TestChain, rules, store};
    use crate::store::{Store, names};

    /// A chain of three blocks after a change to the file.
    fn changed(directory: &tempfile::TempDir, change: &str) -> Store {
        let (mut store, mut chain) = (store(directory.path()), TestChain::new());
        for _ in 0..2 {
            store.append_and(chain.add(Vec::new()), |_| Ok(())).unwrap();
        }
        Connection::open(names::database(directory.path())).unwrap().execute_batch(change).unwrap();
        store
    }

    /// What is wrong with the second block, or its hash: read as a whole and in pieces.
    fn faults(change: &str) -> [String; 2] {
        let directory = tempfile::tempdir().unwrap();
        let store = changed(&directory, change);
        let height = Height::GENESIS.next();
        let read = |snapshot: &Connection| {
            let select = "SELECT hash, text FROM blocks WHERE height = 2";
            let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
            let (hash, text) = snapshot.query_row(select, [], row)?;
            let whole = check(snapshot, &*rules(), height, (&hash, &text));
            let pieces = check_long(snapshot, &*rules(), height, &hash);
            let fault = |checked: Result<BlockHash, StoreError>| {
                checked.map_or_else(|error| error.to_string(), |hash| hash.to_string())
            };
            Ok([fault(whole), fault(pieces)])
        };
        store.reading(read).unwrap()
    }

    #[test]
    fn intact_block_has_its_hash() {
        let mut chain = TestChain::new();
        let hash = chain.add(Vec::new()).hash().to_string();
        assert_eq!(faults(""), [hash.clone(), hash.clone()]);
        assert_eq!(faults("DELETE FROM blocks WHERE height = 3"), [hash.clone(), hash], "the last block");
    }

    #[test]
    fn changed_block_or_next_block_is_damage() {
        for (change, words) in [
            (
                "UPDATE blocks SET text = replace(text, 'proof\": 0', 'proof\": 1') WHERE height = 2",
                "block 2: ",
            ),
            ("UPDATE blocks SET hash = replace(hash, '0', '1') WHERE height = 2", "block 2: "),
            ("UPDATE blocks SET text = 'no block' WHERE height = 3", "block 3"),
            (
                "UPDATE blocks SET text = replace(text, (SELECT hash FROM blocks WHERE height = 2),
                    (SELECT hash FROM blocks WHERE height = 1)) WHERE height = 3",
                "block 3: previous_hash is",
            ),
            ("DELETE FROM blocks WHERE height = 2; UPDATE blocks SET height = 2 WHERE height = 3", "block 2"),
        ] {
            for fault in faults(change) {
                assert!(fault.starts_with(&format!("ledger.db is damaged: {words}")), "{change}: {fault}");
            }
        }
    }
}
