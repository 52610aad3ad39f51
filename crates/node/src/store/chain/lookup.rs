//! Checks a single block when it is read: its hash, its height, and the hash that the next block names. So a changed block is
//! never shown, even if the rest of the chain was not checked yet.

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
