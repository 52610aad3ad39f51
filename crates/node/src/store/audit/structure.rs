//! Checks that the rows of the chain are complete and the newest blocks unchanged.

use rusqlite::Connection;

use std::sync::Arc;

use ledger_core::seam::{Proofs, RuleSet};

use super::index_pages::{self, Position};
use super::walk::{Scope, Walk};
use crate::store::errors::{Finding, StoreError};
use crate::store::index::{Keys, rows};
use crate::store::layout::tip_seal;

/// Checks that there is one row per block from 1 on, and that the last block matches its seal. Returns the
/// number of blocks.
///
/// # Errors
///
/// [`Finding::Missing`], [`Finding::Rows`], [`Finding::HashCount`], [`Finding::Lost`] or [`Finding::IndexRow`], and
/// the findings of [`tip_seal::check`].
pub(crate) fn structure(snapshot: &Connection) -> Result<u64, Finding> {
    // Separate queries: SQLite then answers the first from the index of hashes, page by page, and the others from
    // the ends of the tree.
    let select = "SELECT (SELECT count(*) FROM blocks), (SELECT coalesce(min(height), 1) FROM blocks),
        (SELECT coalesce(max(height), 0) FROM blocks)";
    let (rows, first, last): (u64, i64, u64) = snapshot
        .query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(StoreError::from)?;
    if first < 1 || rows > last {
        return Err(Finding::Rows { expected: last, found: rows });
    }
    if rows != last {
        let gap = first_gap(snapshot)?;
        let uncounted = Finding::HashCount { expected: last, found: rows };
        return Err(if gap > last { uncounted } else { Finding::Missing(gap) });
    }
    match rows::last_block(snapshot, last)? {
        Some(lost) => Err(Finding::Lost { lost, last }),
        None => {
            tip_seal::check(snapshot, last)?;
            index_pages::nothing_before(snapshot).map(|()| last)
        }
    }
}

fn first_gap(snapshot: &Connection) -> Result<u64, StoreError> {
    // Read the blocks themselves: the index of hashes may lack some.
    let select =
        "SELECT height + 1 FROM (SELECT 0 AS height UNION ALL SELECT height FROM blocks NOT INDEXED) AS here
        WHERE NOT EXISTS (SELECT 1 FROM blocks WHERE height = here.height + 1) ORDER BY height LIMIT 1";
    Ok(snapshot.query_row(select, [], |row| row.get(0))?)
}

/// Number of newest blocks that are checked when a store is opened.
const NEWEST: u64 = 1_000;

/// How many of them are looked up in the indexes, if the chain has more blocks: a look-up costs more than a block.
const NEWEST_INDEXED: u64 = 16;

/// The first block that [`newest`] checks.
pub(crate) fn newest_from(last: u64) -> u64 {
    last.saturating_sub(NEWEST - 1).max(1)
}

/// Checks the newest blocks, and the index entries of the last of them. A chain of up to 1000 blocks is checked
/// entirely.
///
/// # Errors
///
/// The first [`Finding`].
pub(crate) fn newest(snapshot: &Connection, rules: &Arc<dyn RuleSet>) -> Result<(), Finding> {
    let last = structure(snapshot)?;
    if last == 0 {
        return Ok(());
    }
    let from = newest_from(last);
    let indexed_from = if from == 1 { 1 } else { last + 1 - NEWEST_INDEXED };
    let mut walk = Walk::begin(snapshot, rules, from, (Scope::Blocks, Proofs::Checked))?;
    let mut keys = Keys::default();
    walk_to(&mut walk, snapshot, indexed_from - 1, &mut keys)?;
    walk.set_scope(Scope::All);
    walk_to(&mut walk, snapshot, last, &mut keys)?;
    while walk.hashes().look_up(snapshot)? {}
    let mut found = index_pages::Entries::default();
    for segment in indexed_from / rows::SEGMENT..=last / rows::SEGMENT {
        let mut next = Some(Position::start(segment).with_blocks_from(indexed_from));
        while let Some(position) = next {
            next = index_pages::page(snapshot, position, indexed_from..=last, &mut found)?;
        }
    }
    let compared = found.compare(walk.digest(), indexed_from..=last);
    // Without a seal, nobody can tell whether the index or the last block was changed.
    if compared.is_err() && !tip_seal::is_there(snapshot)? {
        return Err(Finding::Unsealed { first: indexed_from, last });
    }
    compared
}

fn walk_to(walk: &mut Walk, snapshot: &Connection, last: u64, keys: &mut Keys) -> Result<(), Finding> {
    while walk.next() <= last {
        let slice = walk.read(snapshot, last)?;
        walk.check(slice, keys)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
