//! The effect of answers on a plan.

use std::time::Duration;

use bytes::Bytes;
use libp2p::PeerId;
use tokio::time::Instant;

use super::{
    Chunk, Links,
    plan::{Open, Plan, Request, What},
    range::State,
};
use crate::{error::AskError, peers::Offence, wire::Page};

impl Plan {
    /// Handles a peer's answer to a request for a page.
    pub(super) fn on_page(&mut self, number: u64, now: Instant, answer: Result<Page, AskError>) {
        let Some(Open { request, from, since }) = self.close(number) else { return };
        let What::Page(asked) = request.what else { return };
        match answer {
            Ok(page) if !page.answers(&asked) => {
                self.give_up(request.peer, Some(Offence::FalseAnswer), "it sent more than was asked for");
            }
            Ok(page) => self.on_blocks(request.peer, from, page, now.saturating_duration_since(since)),
            Err(error) => self.on_error(request.peer, now, &error),
        }
        self.reopen(from);
    }

    fn on_blocks(&mut self, peer: PeerId, from: u64, mut page: Page, time: Duration) {
        // If nobody is asked for the range any more, another peer was faster.
        let Some(range) = self.ranges.get_mut(from).filter(|range| range.state == State::Asked) else {
            return;
        };
        // The range may have been cut since the request.
        page.blocks.truncate(usize::try_from(range.end - from).unwrap_or(usize::MAX));
        match page.large {
            _ if !page.blocks.is_empty() => self.on_chunk(Chunk { from, blocks: page.blocks, peer }, time),
            Some(block) if block.length <= self.settings.block_bytes => {
                if let Some(range) = self.ranges.get_mut(from) {
                    range.state = State::Large(peer, block);
                }
            }
            Some(_) => self.give_up(peer, Some(Offence::Malformed), "it has a block of an impossible size"),
            None => self.give_up(peer, Some(Offence::Useless), &format!("its chain has no block {from}")),
        }
    }

    fn on_chunk(&mut self, chunk: Chunk, time: Duration) {
        let (bytes, count) = (chunk.bytes(), chunk.blocks.len() as u64);
        self.average = Some(self.average.map_or(bytes / count, |average| (3 * average + bytes / count) / 4));
        self.here += bytes;
        self.helpers.took(&chunk.peer, time);
        let late = self.open.values().filter(|open| open.from == chunk.from);
        let late: Vec<_> = late.map(|open| open.request.peer).collect();
        self.ranges.arrived(chunk);
        for peer in late {
            if self.helpers.was_slow(&peer) {
                self.give_up(peer, None, "it is slower than others");
            }
        }
    }

    /// Handles a peer's answer to a request for a large block.
    pub(super) fn on_large(
        &mut self,
        number: u64,
        now: Instant,
        answer: Result<Bytes, AskError>,
        links: &dyn Links,
    ) {
        let Some(Open { request: Request { peer, what, .. }, from, .. }) = self.close(number) else {
            return;
        };
        let What::Large(block) = what else { return };
        let state = State::Fetching(peer, block);
        if self.ranges.get_mut(from).is_none_or(|range| range.state != state) {
            return;
        }
        match answer {
            Ok(data) if links.id(&data) == block.id => {
                self.here += data.len() as u64;
                self.ranges.arrived(Chunk { from, blocks: vec![data], peer });
            }
            Ok(_) => self.give_up(peer, Some(Offence::FalseAnswer), "it sent another block than it named"),
            Err(error) => {
                if let Some(range) = self.ranges.get_mut(from) {
                    range.state = State::Waiting;
                }
                self.on_error(peer, now, &error);
            }
        }
    }

    fn on_error(&mut self, peer: PeerId, now: Instant, error: &AskError) {
        match error {
            AskError::Busy(_) | AskError::TooMany(_) => self.helpers.rest(&peer, now + self.settings.rest),
            // The network has charged the peer already.
            _ => self.give_up(peer, None, &error.to_string()),
        }
    }

    fn close(&mut self, number: u64) -> Option<Open> {
        let open = self.open.remove(&number)?;
        self.helpers.answered(&open.request.peer);
        Some(open)
    }
}
