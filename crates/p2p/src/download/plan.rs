//! The next request to make. It has no clock and no socket: time and answers come in as arguments.

use std::{collections::BTreeMap, time::Duration};

use libp2p::PeerId;
use tokio::time::Instant;

use super::{
    DownloadSettings,
    helper::Helpers,
    range::{Ranges, State},
};
use crate::{
    ids::BlockId,
    peers::Offence,
    wire::{LargeBlock, PageRequest},
};

/// The most blocks to ask for at a time.
const COUNT: u64 = 10_000;

/// How long a large block may take if another peer may have it, too.
const LARGE_TIME: Duration = Duration::from_secs(30);

/// A request to a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    /// Its number, which its answer has, too.
    pub(super) number: u64,
    pub(super) peer: PeerId,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Page(PageRequest),
    Large(LargeBlock),
}

/// What a peer did wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charge {
    pub(super) peer: PeerId,
    pub(super) offence: Offence,
    pub(super) why: String,
}

/// An open request.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) request: Request,
    /// The height of the first block that is asked for.
    pub(super) from: u64,
    pub(super) since: Instant,
}

/// The state of a download.
pub(super) struct Plan {
    pub(super) settings: DownloadSettings,
    pub(super) ranges: Ranges,
    pub(super) helpers: Helpers,
    pub(super) open: BTreeMap<u64, Open>,
    pub(super) requests: u64,
    /// Bytes of a block, on average.
    pub(super) average: Option<u64>,
    /// Bytes of the blocks that are here.
    pub(super) here: u64,
    /// The hash of the block before the next one.
    pub(super) last: Option<BlockId>,
    /// The height of the next block.
    pub(super) next: u64,
    /// Who sent the block before it.
    pub(super) last_sender: Option<PeerId>,
    pub(super) charges: Vec<Charge>,
    /// Why the last peer was given up.
    pub(super) last_failure: String,
}

impl Plan {
    /// A download of the blocks from one height up to another, the first of which follows `parent`.
    pub(super) fn new(
        settings: DownloadSettings,
        (from, to): (u64, u64),
        parent: Option<BlockId>,
        peers: impl IntoIterator<Item = PeerId>,
    ) -> Self {
        let mut helpers = Helpers::default();
        peers.into_iter().for_each(|peer| helpers.add(peer));
        Self {
            settings,
            ranges: Ranges::new(from, to.saturating_add(1)),
            helpers,
            open: BTreeMap::new(),
            requests: 0,
            average: None,
            here: 0,
            last: parent,
            next: from,
            last_sender: None,
            charges: Vec::new(),
            last_failure: "there was none".into(),
        }
    }

    pub(super) fn add_peer(&mut self, peer: PeerId) {
        self.helpers.add(peer);
    }

    /// The next request to send now.
    pub(super) fn next_request(&mut self, now: Instant) -> Option<Request> {
        self.give_up_slow_block(now);
        let (from, first) = self.ranges.first()?;
        match first.state {
            State::Waiting => self.ask(from, now, &[]),
            State::Large(peer, block) => Some(self.fetch(from, (peer, block), now)),
            State::Asked => self.ask_second(from, now),
            State::Fetching(..) | State::Here(..) => None,
        }
        .or_else(|| self.ask_ahead(now))
    }

    /// Asks for blocks after the next ones, within the window.
    fn ask_ahead(&mut self, now: Instant) -> Option<Request> {
        let page = u64::from(self.settings.page_bytes);
        let asked = page * (self.open.len() as u64 + 1);
        if self.average.is_none() || self.here + asked > self.settings.window_bytes {
            return None;
        }
        let (from, _) = self.ranges.first_waiting()?;
        self.ask(from, now, &[])
    }

    /// Asks a second peer for the next blocks, if the first one takes long.
    fn ask_second(&mut self, from: u64, now: Instant) -> Option<Request> {
        let mut asked = self.open.values().filter(|open| open.from == from);
        let (first, none_else) = (asked.next()?, asked.next().is_none());
        let patience = self.helpers.patience(self.settings.patience);
        let peer = first.request.peer;
        if none_else && now >= first.since + patience { self.ask(from, now, &[peer]) } else { None }
    }

    fn ask(&mut self, from: u64, now: Instant, except: &[PeerId]) -> Option<Request> {
        let unfit = &self.ranges.get_mut(from)?.unfit;
        let except = [except, unfit].concat();
        let peer = self.helpers.pick(now, self.settings.open_per_peer, &except)?;
        let range = self.ranges.get_mut(from)?;
        let end = if range.state == State::Asked { range.end } else { self.ranges.ask(from, self.count()) };
        let count = u32::try_from(end - from).unwrap_or(u32::MAX);
        let asked = PageRequest { from, count, bytes: self.settings.page_bytes };
        Some(self.opened(from, peer, What::Page(asked), now))
    }

    fn fetch(&mut self, from: u64, (peer, block): (PeerId, LargeBlock), now: Instant) -> Request {
        if let Some(range) = self.ranges.get_mut(from) {
            range.state = State::Fetching(peer, block);
        }
        self.opened(from, peer, What::Large(block), now)
    }

    fn opened(&mut self, from: u64, peer: PeerId, what: What, now: Instant) -> Request {
        self.requests += 1;
        let request = Request { number: self.requests, peer, what };
        self.open.insert(request.number, Open { request, from, since: now });
        self.helpers.asked(&peer, self.settings.requests, now);
        request
    }

    /// As many blocks as fill most of a page, so that the answer seldom has fewer.
    fn count(&self) -> u64 {
        let most = u64::from(self.settings.page_bytes) / 10 * 9;
        self.average.map_or(COUNT, |average| (most / average.max(1)).clamp(1, COUNT))
    }

    fn give_up_slow_block(&mut self, now: Instant) {
        let Some((from, first)) = self.ranges.first() else { return };
        let State::Fetching(peer, _) = first.state else { return };
        let is_late = |open: &Open| open.from == from && now >= open.since + LARGE_TIME;
        if self.helpers.len() > 1 && self.open.values().any(is_late) {
            self.give_up(peer, Some(Offence::Stall), "its large block takes long");
        }
    }

    /// When to check again if no answer arrives.
    pub(super) fn wake(&self, now: Instant) -> Instant {
        let patience = self.helpers.patience(self.settings.patience);
        let times = self.open.values().flat_map(|open| [open.since + patience, open.since + LARGE_TIME]);
        let next = times.chain(self.helpers.next_end_of_rest(now)).filter(|&time| time > now).min();
        next.unwrap_or(now + self.settings.patience)
    }
}
