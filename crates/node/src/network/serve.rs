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
    // Read the status first: if our chain changes in between, the blocks weigh more than the status says, not less.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{append_unproved, ledger};

    /// A ledger of three blocks, with their texts and hashes.
    fn chain(directory: &tempfile::TempDir) -> (Ledger, Vec<Bytes>, Vec<BlockHash>) {
        let ledger = ledger(directory);
        (0..2).for_each(|_| append_unproved(&ledger));
        let (texts, hashes) = ledger
            .readers()
            .snapshot(|snapshot| -> Result<_, StoreError> {
                let hashes: Result<Vec<_>, _> =
                    (1..=3).map(|height| blocks::hash_at(snapshot, height)).collect();
                Ok((blocks::texts(snapshot, 1, 10, 1 << 20)?.texts, hashes?))
            })
            .unwrap();
        (ledger, texts.into_iter().map(Bytes::from).collect(), hashes.into_iter().flatten().collect())
    }

    #[test]
    fn branch_begins_after_the_highest_block_that_is_ours() {
        let directory = tempfile::tempdir().unwrap();
        let (ledger, texts, hashes) = chain(&directory);
        let unknown = BlockHash::of_text("unknown");
        for (known, height) in [(vec![], 0), (vec![hashes[0]], 1), (vec![hashes[2], hashes[0]], 3)] {
            let locator = Locator::new([&[unknown], &*known].concat().iter().map(id_of));
            for bytes in [1_000_000, u32::MAX] {
                let branch = branch(&ledger, &locator, bytes).unwrap();
                assert_eq!(branch.status, status_of(&ledger.tip()));
                let fork = known.first().map(|hash| ForkPoint { height, id: id_of(hash) });
                assert_eq!((branch.fork, &*branch.page.blocks), (fork, &texts[height as usize..]));
            }
        }
        let few = branch(&ledger, &Locator::new([]), SMALLEST_BLOCK).unwrap();
        assert_eq!(few.page.blocks, texts[..1]);
    }

    #[test]
    fn blocks_are_served_whole_in_pages_and_in_parts() {
        let directory = tempfile::tempdir().unwrap();
        let (ledger, texts, hashes) = chain(&directory);
        let unknown = BlockHash::of_text("unknown");
        assert_eq!(block(&ledger, hashes[1]).unwrap().as_ref(), Some(&texts[1]));
        assert_eq!(block(&ledger, unknown).unwrap(), None);
        assert_eq!([hashes[1], unknown].map(|hash| has(&ledger, &id_of(&hash)).unwrap()), [true, false]);
        let asked = PageRequest { from: 2, count: 1, bytes: 1_000_000 };
        assert_eq!(page(&ledger, &asked).unwrap().blocks, texts[1..2]);
        let part = |hash: &BlockHash, offset| part(&ledger, &id_of(hash), offset, 10).unwrap();
        assert_eq!(part(&hashes[2], 5).unwrap(), texts[2][5..15]);
        assert_eq!(part(&unknown, 5), None);
    }
}
