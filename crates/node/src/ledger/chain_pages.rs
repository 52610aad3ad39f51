//! The chain on its way out: read from disk in pages, never as a whole.
//!
//! All pages belong to one chain. A client that keeps reading gets them from one snapshot of the database. While it pauses
//! no snapshot is held, since that would keep the write-ahead log from restarting. The next snapshot must still contain the
//! first snapshot's tip, and so all blocks before it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ledger_core::BlockHash;
use rusqlite::Connection;

use super::Ledger;
use crate::store::{Readers, StoreError, blocks, pages};
use crate::system::threads::Panicked;

/// Bytes of blocks in a page.
pub const PAGE: usize = 256 << 10;

/// The longest time that a snapshot is held.
const SNAPSHOT: Duration = Duration::from_millis(500);

/// Why a response is cut off.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The remaining blocks have been replaced.
    #[error("chain replaced while it was being sent")]
    Replaced,
    /// A thread of the node panicked: a bug of this node.
    #[error(transparent)]
    Failed(#[from] Panicked),
}

impl PagesError {
    /// Whether this node failed. Clients and peers can cause the other errors as often as they like.
    pub fn is_ours(&self) -> bool {
        !matches!(self, Self::Replaced | Self::Store(StoreError::Busy))
    }
}

/// Reads the blocks of one chain from disk, page by page, their texts joined by `, `.
#[derive(Debug)]
pub struct ChainPages {
    ledger: Ledger,
    /// The length of the chain.
    length: u64,
    tip: BlockHash,
    /// The height of the last block to read.
    last: u64,
    next: pages::Position,
}

impl ChainPages {
    /// Reads the first page of at most `limit` blocks from height `from` on, and appends it to a text. Blocks the thread.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub fn begin(ledger: &Ledger, from: u64, limit: u64, text: &mut Vec<u8>) -> Result<Self, StoreError> {
        ledger.readers().snapshot_for_client(|snapshot| Self::begin_in(snapshot, ledger, from, limit, text))
    }

    /// Like [`begin`](Self::begin), in the caller's snapshot.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin).
    pub fn begin_in(
        snapshot: &Connection,
        ledger: &Ledger,
        from: u64,
        limit: u64,
        text: &mut Vec<u8>,
    ) -> Result<Self, StoreError> {
        let length = blocks::length(snapshot)?;
        let tip = blocks::hash_at(snapshot, length)?.ok_or_else(|| missing(length))?;
        let last = length.min(from.saturating_add(limit - 1));
        let mut next = pages::Position::before(from);
        pages::read(snapshot, next, last, PAGE, |page| {
            text.extend_from_slice(&page.texts);
            next = page.next;
            ControlFlow::Break(())
        })?;
        Ok(Self { ledger: ledger.clone(), length, tip, last, next })
    }

    /// Whether all pages were read.
    pub fn is_over(&self) -> bool {
        self.next.height() > self.last
    }

    /// The length of the whole chain.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The connections that read the pages.
    pub fn readers(&self) -> &Readers {
        self.ledger.readers()
    }

    /// Reads the next pages in one snapshot until `take` breaks. `take` gets each page and whether it is the last one. Reads
    /// at least one page. Blocks the thread.
    ///
    /// # Errors
    ///
    /// [`PagesError`] if the chain was replaced, or the database fails.
    pub fn read(&mut self, mut take: impl FnMut(Vec<u8>, bool) -> ControlFlow<()>) -> Result<(), PagesError> {
        let (ledger, began, before) = (self.ledger.clone(), Instant::now(), self.next);
        ledger.readers().snapshot_for_client(|snapshot| {
            if blocks::hash_at(snapshot, self.length)? != Some(self.tip) {
                return Err(PagesError::Replaced);
            }
            pages::read(snapshot, self.next, self.last, PAGE, |page| {
                self.next = page.next;
                take(page.texts, self.is_over())?;
                if began.elapsed() < SNAPSHOT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            Ok(())
        })?;
        if self.next == before { Err(missing(before.height()).into()) } else { Ok(()) }
    }
}

fn missing(height: u64) -> StoreError {
    StoreError::damaged(format!("block {height} is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{ledger, rewards, stage};

    #[test]
    fn full_page_exceeds_its_size_by_less_than_a_block() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let payee = "x".repeat(30_000);
        stage(&ledger, ledger.tip(), rewards(&payee, 40)).adopt().unwrap().unwrap();

        let mut whole = Vec::new();
        let mut pages = ChainPages::begin(&ledger, 1, u64::MAX, &mut whole).unwrap();
        let mut sizes = vec![whole.len()];
        pages
            .read(|texts, is_last| {
                sizes.push(texts.len());
                whole.extend(texts);
                assert_eq!(is_last, whole.len() > 40 * payee.len());
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(pages.is_over());
        let (_, full) = sizes.split_last().unwrap();
        let block = payee.len() + 500;
        assert!(full.iter().all(|size| (PAGE..PAGE + block).contains(size)), "{sizes:?}");
        let blocks: Vec<serde_json::Value> =
            serde_json::from_slice(&[b"[", &whole[..], b"]"].concat()).unwrap();
        assert_eq!(blocks.len(), 41);
    }

    #[test]
    fn errors_that_clients_can_cause_are_not_ours() {
        assert!(!PagesError::Replaced.is_ours());
        assert!(!PagesError::Store(StoreError::Busy).is_ours());
        assert!(PagesError::Store(StoreError::Full).is_ours());
        assert!(PagesError::Failed(Panicked::new("reading", "no page")).is_ours());
    }

    #[test]
    fn only_requested_blocks_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        stage(&ledger, ledger.tip(), rewards("them", 4)).adopt().unwrap().unwrap();
        let read = |from, limit| {
            let mut text = Vec::new();
            let pages = ChainPages::begin(&ledger, from, limit, &mut text).unwrap();
            assert!(pages.is_over());
            assert_eq!(pages.length(), 5);
            let blocks: Vec<serde_json::Value> =
                serde_json::from_slice(&[b"[", &text[..], b"]"].concat()).unwrap();
            blocks.iter().map(|block| block["index"].as_u64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(read(2, 1), [2]);
        assert_eq!(read(2, 3), [2, 3, 4]);
        assert_eq!(read(4, u64::MAX), [4, 5]);
        assert_eq!(read(6, 1), [0; 0]);
    }

    #[test]
    fn replaced_chain_ends_the_pages() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let genesis = ledger.tip();
        stage(&ledger, genesis, rewards(&"x".repeat(PAGE), 3)).adopt().unwrap().unwrap();
        let mut pages = ChainPages::begin(&ledger, 1, u64::MAX, &mut Vec::new()).unwrap();
        let mut read = || pages.read(|_, _| ControlFlow::Break(()));
        read().unwrap();
        stage(&ledger, genesis, rewards("them", 4)).adopt().unwrap().unwrap();
        assert!(matches!(read(), Err(PagesError::Replaced)));
    }
}
