//! Answers to peers about our chain: where theirs parts from it, and blocks in pages.

use bytes::Bytes;
use ledger_core::BlockHash;
use p2p::{BlockId, Branch, ForkPoint, LargeBlock, Locator, Page, PageRequest, SMALLEST_BLOCK};
use rusqlite::Connection;

use super::tips::{hash_of, id_of, status_of};
use crate::ledger::Ledger;
use crate::store::blocks::Which;
use crate::store::{StoreError, blocks, pages};

/// What our chain has after the highest block that a locator names, with at most `bytes` bytes of blocks.
pub(super) fn branch(ledger: &Ledger, locator: &Locator, bytes: u32) -> Result<Branch, StoreError> {
    // Read before the blocks: if our chain changes in between, they weigh more than it says, not less.
    let status = status_of(&ledger.tip());
    ledger.readers().snapshot_for_client(|snapshot| {
        let fork = fork_point(snapshot, locator)?;
        let from = fork.map_or(1, |fork| fork.height + 1);
        let page = read_page(snapshot, PageRequest { from, count: bytes / SMALLEST_BLOCK, bytes })?;
        Ok(Branch { status, fork, page })
    })
}

/// The highest block of ours that a locator names.
fn fork_point(snapshot: &Connection, locator: &Locator) -> Result<Option<ForkPoint>, StoreError> {
    for id in locator.ids() {
        if let Some(height) = blocks::height_of(snapshot, hash_of(id))? {
            return Ok(Some(ForkPoint { height, id: *id }));
        }
    }
    Ok(None)
}

/// The text of a block of ours; `None` if it is not ours.
pub(super) fn block(ledger: &Ledger, hash: BlockHash) -> Result<Option<Bytes>, StoreError> {
    let (rules, which) = (&**ledger.rules(), Which::Hash(hash));
    let found =
        ledger.readers().snapshot(|snapshot| blocks::find(snapshot, rules, &which, usize::MAX >> 1))?;
    Ok(found.and_then(|found| found.text).map(Bytes::from))
}

/// Whether our chain has a block.
pub(super) fn has(ledger: &Ledger, block: &BlockId) -> Result<bool, StoreError> {
    ledger
        .readers()
        .snapshot_for_client(|snapshot| Ok(blocks::height_of(snapshot, hash_of(block))?.is_some()))
}

/// Blocks of ours, within the requested bounds.
pub(super) fn page(ledger: &Ledger, asked: &PageRequest) -> Result<Page, StoreError> {
    ledger.readers().snapshot_for_client(|snapshot| read_page(snapshot, *asked))
}

fn read_page(snapshot: &Connection, asked: PageRequest) -> Result<Page, StoreError> {
    let PageRequest { from, count, bytes } = asked;
    let read = blocks::texts(snapshot, from, count, bytes as usize)?;
    let large = read.large.map(|(hash, length)| LargeBlock { id: id_of(&hash), length });
    Ok(Page { blocks: read.texts.into_iter().map(Bytes::from).collect(), large })
}

/// A part of one block of ours; `None` if it is not ours.
pub(super) fn part(
    ledger: &Ledger,
    block: &BlockId,
    offset: u64,
    bytes: u32,
) -> Result<Option<Bytes>, StoreError> {
    ledger.readers().snapshot_for_client(|snapshot| {
        let Some(height) = blocks::height_of(snapshot, hash_of(block))? else { return Ok(None) };
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(pages::part(snapshot, height, offset, bytes as usize)?.map(Bytes::from))
    })
}
