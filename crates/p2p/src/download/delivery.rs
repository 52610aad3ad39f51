//! Hands out the next blocks, and gives up peers.

use libp2p::PeerId;

use super::{
    Chunk, DownloadError, Links,
    plan::{Charge, Plan},
    range::State,
};
use crate::{ids::BlockId, peers::Offence};

impl Plan {
    /// The next blocks, if they are here.
    ///
    /// The first one must follow the last block handed out. Blocks that do not follow are asked for again, from another peer.
    /// If those fit, the first sender is given up. It may be honest and have changed its chain, so this alone bans nobody.
    pub(super) fn take(&mut self, links: &dyn Links) -> Result<Option<Chunk>, DownloadError> {
        while let Some((chunk, mut unfit)) = self.ranges.take_first() {
            self.here -= chunk.bytes();
            let (from, end, peer) = (chunk.from, chunk.end(), chunk.peer);
            match chunk.blocks.first().and_then(|block| links.parent(block)) {
                Some(parent) if self.last.is_none_or(|last| last == parent) => {
                    self.last = chunk.blocks.last().map(|block| links.id(block));
                    (self.next, self.last_sender) = (end, Some(peer));
                    self.give_up_unfit(from, &unfit);
                    return Ok(Some(chunk));
                }
                Some(_) => unfit.push(peer),
                None => {
                    self.give_up(peer, Some(Offence::Malformed), &format!("its block {from} is not a block"))
                }
            }
            self.ranges.put_back(from, end, unfit);
        }
        self.check_helpers().map(|()| None)
    }

    /// Takes back the blocks from a height on, the first of which must follow `parent`, and gives up their sender.
    pub(super) fn refuse(&mut self, from: u64, parent: Option<BlockId>, charge: Charge) {
        self.give_up(charge.peer, None, &charge.why);
        self.charges.push(charge);
        if from < self.next {
            self.ranges.put_back(from, self.next, Vec::new());
            (self.next, self.last, self.last_sender) = (from, parent, None);
        }
    }

    /// Whether all blocks were handed out.
    pub(super) fn is_done(&self) -> bool {
        self.ranges.first().is_none()
    }

    /// Checks that a peer is left to ask for the next blocks.
    fn check_helpers(&self) -> Result<(), DownloadError> {
        let Some((height, first)) = self.ranges.first() else { return Ok(()) };
        if self.helpers.len() == 0 {
            return Err(DownloadError::NoPeers { height, last: self.last_failure.clone() });
        }
        let is_asked = matches!(first.state, State::Asked | State::Fetching(..));
        if is_asked || self.helpers.ids().any(|peer| !first.unfit.contains(peer)) {
            return Ok(());
        }
        Err(DownloadError::Parted { height, sender: self.last_sender })
    }

    fn give_up_unfit(&mut self, from: u64, unfit: &[PeerId]) {
        for &peer in unfit {
            let why = format!("its block {from} does not follow block {}", from - 1);
            self.give_up(peer, Some(Offence::Useless), &why);
        }
    }

    /// Stops asking a peer, and forgets what it sent.
    pub(super) fn give_up(&mut self, peer: PeerId, offence: Option<Offence>, why: &str) {
        if !self.helpers.remove(&peer) {
            return;
        }
        let is_its = |open: &super::plan::Open| open.request.peer == peer;
        let asked: Vec<_> = self.open.values().filter(|open| is_its(open)).map(|open| open.from).collect();
        self.open.retain(|_, open| !is_its(open));
        self.here -= self.ranges.forget(&peer);
        asked.into_iter().for_each(|from| self.reopen(from));
        self.last_failure = format!("{peer}: {why}");
        self.charges.extend(offence.map(|offence| Charge { peer, offence, why: why.to_owned() }));
    }

    /// Lets a range wait again if no request for it is open.
    pub(super) fn reopen(&mut self, from: u64) {
        let is_asked = self.open.values().any(|open| open.from == from);
        if let Some(range) = self.ranges.get_mut(from)
            && range.state == State::Asked
            && !is_asked
        {
            range.state = State::Waiting;
        }
    }

    /// Takes what peers did wrong since the last call.
    pub(super) fn take_charges(&mut self) -> Vec<Charge> {
        std::mem::take(&mut self.charges)
    }
}
