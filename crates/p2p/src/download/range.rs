//! The heights that a download has not handed out yet.

use std::collections::BTreeMap;

use bytes::Bytes;
use libp2p::PeerId;

use super::Chunk;
use crate::wire::LargeBlock;

/// The state of a range of heights.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody is asked.
    Waiting,
    /// A peer is asked, or two.
    Asked,
    /// This peer says that the first block is large.
    Large(PeerId, LargeBlock),
    /// The large block is being fetched.
    Fetching(PeerId, LargeBlock),
    /// The blocks are here.
    Here(PeerId, Vec<Bytes>),
}

#[derive(Debug)]
pub(super) struct Range {
    /// The height after the last.
    pub(super) end: u64,
    pub(super) state: State,
    /// Peers whose blocks for this range did not fit.
    pub(super) unfit: Vec<PeerId>,
}

/// Ranges of heights, without gaps, by the height that each begins with.
#[derive(Debug, Default)]
pub(super) struct Ranges(BTreeMap<u64, Range>);

impl Range {
    fn waiting(end: u64) -> Self {
        Self { end, state: State::Waiting, unfit: Vec::new() }
    }
}

impl Ranges {
    /// One range that waits.
    pub(super) fn new(from: u64, end: u64) -> Self {
        let mut ranges = Self::default();
        if from < end {
            ranges.0.insert(from, Range::waiting(end));
        }
        ranges
    }

    pub(super) fn first(&self) -> Option<(u64, &Range)> {
        self.0.first_key_value().map(|(from, range)| (*from, range))
    }

    pub(super) fn get_mut(&mut self, from: u64) -> Option<&mut Range> {
        self.0.get_mut(&from)
    }

    /// The first range that waits.
    pub(super) fn first_waiting(&self) -> Option<(u64, &Range)> {
        let mut ranges = self.0.iter().map(|(from, range)| (*from, range));
        ranges.find(|(_, range)| range.state == State::Waiting)
    }

    /// Marks the first `count` heights of a waiting range as asked for. Returns the height after them.
    pub(super) fn ask(&mut self, from: u64, count: u64) -> u64 {
        let Some(range) = self.0.get_mut(&from) else { return from };
        let (all, end) = (range.end, range.end.min(from.saturating_add(count)));
        (range.end, range.state) = (end, State::Asked);
        if end < all {
            self.0.insert(end, Range::waiting(all));
        }
        end
    }

    /// Puts blocks into the range that begins at their height. The rest of that range waits again.
    pub(super) fn arrived(&mut self, chunk: Chunk) {
        let end = chunk.end();
        let Some(range) = self.0.get_mut(&chunk.from) else { return };
        let all = std::mem::replace(&mut range.end, end);
        range.state = State::Here(chunk.peer, chunk.blocks);
        if end < all {
            self.0.insert(end, Range::waiting(all));
        }
    }

    /// Takes the blocks of the first range, if they are here.
    pub(super) fn take_first(&mut self) -> Option<(Chunk, Vec<PeerId>)> {
        let first = self.0.first_entry()?;
        if !matches!(first.get().state, State::Here(..)) {
            return None;
        }
        let (from, range) = first.remove_entry();
        let State::Here(peer, blocks) = range.state else { return None };
        Some((Chunk { from, blocks, peer }, range.unfit))
    }

    /// Puts a range back that must be asked for again, without these peers.
    pub(super) fn put_back(&mut self, from: u64, end: u64, unfit: Vec<PeerId>) {
        self.0.insert(from, Range { end, state: State::Waiting, unfit });
    }

    /// Forgets what a peer sent or announced. Returns the bytes of its blocks.
    pub(super) fn forget(&mut self, peer: &PeerId) -> u64 {
        let mut bytes = 0;
        for range in self.0.values_mut() {
            match &range.state {
                State::Here(sender, blocks) if sender == peer => {
                    bytes += blocks.iter().map(|block| block.len() as u64).sum::<u64>();
                }
                State::Large(sender, _) | State::Fetching(sender, _) if sender == peer => {}
                _ => continue,
            }
            range.state = State::Waiting;
        }
        bytes
    }
}
