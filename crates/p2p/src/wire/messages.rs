use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    locator::{ForkPoint, Locator},
    status::Status,
};
use crate::ids::BlockId;

/// A request for blocks of a chain. The answer may stop earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// The height of the first.
    pub from: u64,
    /// How many at most.
    pub count: u32,
    /// The sum of their bytes at most.
    pub bytes: u32,
}

/// Blocks of a chain, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The blocks from the requested height on. Empty if the chain ends before it, or if `large` is the first.
    #[serde(rename = "b")]
    pub blocks: Vec<Bytes>,
    /// The block after these, if it is larger than a page.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub large: Option<LargeBlock>,
}

/// A chain after the last block that it shares with another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The chain's tip.
    #[serde(rename = "s")]
    pub status: Status,
    /// The highest block of the locator that the chain has. `None` if it has none of them.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fork: Option<ForkPoint>,
    /// The first blocks after the fork point; without one, the chain's first blocks.
    #[serde(rename = "p")]
    pub page: Page,
}

/// A block that does not fit a page, and is fetched in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LargeBlock {
    /// Its hash.
    pub id: BlockId,
    /// Its bytes.
    pub length: u64,
}

/// Minimum bytes that a block counts for, where the bytes of a page bound the number of its blocks. Hardly any block has
/// fewer: a genesis has 96.
pub const SMALLEST_BLOCK: u32 = 100;

/// A request for what a chain has after the last block that it shares with ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BranchRequest {
    pub(crate) locator: Locator,
    /// The sum of the blocks' bytes at most.
    pub(crate) bytes: u32,
}

impl BranchRequest {
    /// The blocks that are asked for, from a height on.
    pub(crate) fn page_from(&self, from: u64) -> PageRequest {
        PageRequest { from, count: self.bytes / SMALLEST_BLOCK, bytes: self.bytes }
    }
}

/// A request for bytes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartRequest {
    pub(crate) id: BlockId,
    pub(crate) offset: u64,
    pub(crate) bytes: u32,
}

/// A peer, and where it listens: both in libp2p's binary form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NamedPeer {
    pub(crate) id: Bytes,
    pub(crate) addresses: Vec<Bytes>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Request {
    /// Asks for the peer's tip, and tells ours.
    Status(Status),
    Branch(BranchRequest),
    Page(PageRequest),
    Part(PartRequest),
    Peers,
}

/// An answer to the request of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Response {
    Status(Status),
    Branch(Branch),
    Page(Page),
    Part(Option<Bytes>),
    Peers(Vec<NamedPeer>),
    /// Too many requests. Ask later, or ask another peer.
    Busy,
}

impl Page {
    /// The blocks' bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(Bytes::len).sum()
    }

    /// Whether the page keeps to the bounds of the request.
    pub(crate) fn answers(&self, asked: &PageRequest) -> bool {
        self.blocks.len() <= asked.count as usize && self.bytes() <= asked.bytes as usize
    }

    /// Drops blocks from the end until it fits.
    pub(crate) fn truncate(&mut self, fits: impl Fn(&Self) -> bool) {
        while !fits(self) && self.blocks.pop().is_some() {
            self.large = None;
        }
    }
}

impl Branch {
    /// Whether the branch keeps to the bounds of the request, and forks at a block of its locator.
    pub(crate) fn answers(&self, asked: &BranchRequest) -> bool {
        self.status.is_well_formed()
            && self.page.answers(&asked.page_from(0))
            && self.fork.is_none_or(|fork| asked.locator.ids().contains(&fork.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(status: Status, fork: Option<u8>, blocks: usize) -> Branch {
        let fork = fork.map(|id| ForkPoint { height: 1, id: BlockId([id; 32]) });
        let page = Page { blocks: vec![Bytes::from_static(&[1; 100]); blocks], large: None };
        Branch { status, fork, page }
    }

    fn status(work: usize) -> Status {
        Status { height: 5, tip: BlockId([1; 32]), work: vec![1; work].into() }
    }

    #[test]
    fn branch_keeps_to_its_request() {
        let asked = BranchRequest { locator: Locator::new([BlockId([1; 32]), BlockId([2; 32])]), bytes: 300 };
        assert_eq!(asked.page_from(7), PageRequest { from: 7, count: 3, bytes: 300 });
        for (branch, answers) in [
            (branch(status(32), Some(2), 3), true),
            (branch(status(32), None, 0), true),
            (branch(status(33), Some(2), 3), false),
            (branch(status(32), Some(3), 3), false),
            (branch(status(32), Some(2), 4), false),
        ] {
            assert_eq!(branch.answers(&asked), answers, "{branch:?}");
        }
    }

    #[test]
    fn page_keeps_to_its_count_and_its_bytes() {
        let page = branch(status(0), None, 4).page;
        for (count, bytes, answers) in [(4, 400, true), (3, 1_000, false), (9, 399, false)] {
            assert_eq!(page.answers(&PageRequest { from: 1, count, bytes }), answers, "{count}, {bytes}");
        }
    }

    #[test]
    fn page_loses_blocks_from_its_end_until_it_fits() {
        let large = Some(LargeBlock { id: BlockId([1; 32]), length: 1_000 });
        let page = || Page { large, ..branch(status(0), None, 3).page };
        let truncated = |most: usize| {
            let mut page = page();
            page.truncate(|page| page.bytes() <= most);
            (page.blocks.len(), page.large)
        };
        assert_eq!([300, 299, 100, 0].map(truncated), [(3, large), (2, None), (1, None), (0, None)]);
        let mut never = page();
        never.truncate(|_| false);
        assert_eq!(never, Page::default());
    }
}
