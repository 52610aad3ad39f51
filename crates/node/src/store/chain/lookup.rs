//! Whether a block that is read by itself is the one that was stored: its hash, its place, and what the next block says of
//! it. So a changed block is never shown, however little of the chain was checked before.

use std::ops::ControlFlow;

use ledger_core::{Block, BlockHash, PreviousHash};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::pages::{self, Position};
use crate::store::errors::{Finding, StoreError};

/// How many bytes of a block are enough to read the hash that it names: it comes after the index.
const BEGINNING: usize = 200;

/// How many bytes of a long text are read together.
const PIECE: usize = 256 << 10;

/// Checks a row and answers the block's hash.
///
/// # Errors
///
/// [`StoreError::Damaged`] with what is wrong and what to do.
pub(crate) fn check(
    snapshot: &Connection,
    height: u64,
    stored: &str,
    text: &str,
) -> Result<BlockHash, StoreError> {
    let block =
        Block::from_json(text.as_bytes()).map_err(|error| damaged(Finding::Parse { height, error }))?;
    let (hash, index) = (block.hash(), block.index);
    if hash.to_hex() != stored.as_bytes() {
        return Err(damaged(Finding::Hash { height, stored: stored.to_owned(), found: hash }));
    }
    if block.text() != text {
        return Err(damaged(Finding::Form(height)));
    }
    if index != height {
        return Err(damaged(ledger_core::Fault::Index { expected: height, found: index }.into()));
    }
    check_next(snapshot, height, hash).map(|()| hash)
}

/// Checks a row whose text is long, without having it in memory, and answers the block's hash.
///
/// # Errors
///
/// As [`check`].
pub(crate) fn check_long(snapshot: &Connection, height: u64, stored: &str) -> Result<BlockHash, StoreError> {
    let beginning = format!("{{\"index\": {height}, ");
    let (mut hasher, mut is_first, mut is_here) = (Sha256::new(), true, true);
    pages::read(snapshot, Position::before(height), height, PIECE, |page| {
        is_here &= !std::mem::take(&mut is_first) || page.texts.starts_with(beginning.as_bytes());
        hasher.update(&page.texts);
        ControlFlow::Continue(())
    })?;
    if !is_here {
        return Err(damaged(Finding::Form(height)));
    }
    let hash = BlockHash::from_bytes(hasher.finalize().into());
    if hash.to_hex() != stored.as_bytes() {
        return Err(damaged(Finding::Hash { height, stored: stored.to_owned(), found: hash }));
    }
    check_next(snapshot, height, hash).map(|()| hash)
}

/// Checks that the next block, if there is one, names this one.
fn check_next(snapshot: &Connection, height: u64, hash: BlockHash) -> Result<(), StoreError> {
    let next = height + 1;
    let Some(text) = pages::beginning(snapshot, next, BEGINNING)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&text);
    match previous_hash(&text) {
        Some(named) if named == hash => Ok(()),
        Some(named) => Err(damaged(
            ledger_core::Fault::PreviousHash {
                block: next,
                expected: hash,
                found: PreviousHash::Hash(named),
            }
            .into(),
        )),
        None => Err(damaged(Finding::Form(next))),
    }
}

/// The hash that a canonical text names as the one before.
fn previous_hash(text: &str) -> Option<BlockHash> {
    let (_, rest) = text.strip_prefix("{\"index\": ")?.split_once(", \"previous_hash\": \"")?;
    rest.get(..64)?.parse().ok()
}

/// The finding as an error of the store, with what to do.
pub(crate) fn damaged(finding: Finding) -> StoreError {
    StoreError::damaged(format!(
        "{finding}; stop the node, run `node verify`, and restore a backup with `node import FILE --data-dir NEW`"
    ))
}

#[cfg(test)]
mod tests {
    use ledger_core::{Members, Timestamp, canonical};

    use super::*;

    #[test]
    fn previous_hash_is_read_from_the_beginning_of_the_longest_index() {
        let mut block = Members::genesis(Timestamp::from_micros(0));
        block.index = u64::MAX;
        block.previous_hash = PreviousHash::Hash(BlockHash::of_text("before"));
        let text = canonical::text(&block);
        let beginning = text.get(..BEGINNING).unwrap_or(&text);
        assert_eq!(previous_hash(beginning), Some(BlockHash::of_text("before")));
        assert_eq!(previous_hash("{\"index\": 2, \"previous_hash\": 1"), None);
    }
}
