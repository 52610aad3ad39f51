use std::collections::HashMap;

use libp2p::PeerId;
use tokio::time::Instant;

use super::origins::{Heard, Origins};
use crate::{ids::RelayId, rate::Bucket, settings::GossipLimits};

/// Decides which messages are judged at all. All other messages cost the application nothing.
pub(crate) struct Admission {
    limits: GossipLimits,
    origins: Origins,
    payments: Bucket,
    peers: HashMap<PeerId, PeerBuckets>,
    judged: usize,
    judged_blocks: usize,
    fetched_blocks: usize,
}

struct PeerBuckets {
    messages: Bucket,
    bytes: Bucket,
    judged: usize,
    fetched: usize,
}

/// Why a message is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its peer sends more than any honest one does.
    Flood,
    /// It was heard before.
    Again,
    /// Its origin, or all together, send too many; or too many are being judged.
    TooMany,
}

impl Admission {
    pub(crate) fn new(limits: GossipLimits, now: Instant) -> Self {
        let (origins, payments) =
            (Origins::new(limits.per_origin, limits.origins), Bucket::full(limits.payments, now));
        Self {
            limits,
            origins,
            payments,
            peers: HashMap::new(),
            judged: 0,
            judged_blocks: 0,
            fetched_blocks: 0,
        }
    }

    /// Counts any message of a peer.
    pub(crate) fn message(&mut self, from: PeerId, bytes: usize, now: Instant) -> Result<(), Refusal> {
        let (per_peer, bytes_per_peer) = (self.limits.per_peer, self.limits.bytes_per_peer);
        let peer = self.peers.entry(from).or_insert_with(|| PeerBuckets {
            messages: Bucket::full(per_peer, now),
            bytes: Bucket::full(bytes_per_peer, now),
            judged: 0,
            fetched: 0,
        });
        let within =
            peer.messages.take(per_peer, 1.0, now) && peer.bytes.take(bytes_per_peer, bytes as f64, now);
        if within { Ok(()) } else { Err(Refusal::Flood) }
    }

    /// Admits a payment to judgement. [`Admission::judged_payment`] must follow.
    pub(crate) fn payment(&mut self, from: PeerId, relay: RelayId, now: Instant) -> Result<(), Refusal> {
        let share = self.peers.get(&from).map_or(0, |peer| peer.judged);
        if self.judged >= self.limits.judged || share >= self.limits.judged.div_ceil(4) {
            return Err(Refusal::TooMany);
        }
        let (rate, payments) = (self.limits.payments, &mut self.payments);
        match self.origins.hear(relay, || payments.take(rate, 1.0, now), now) {
            Heard::New => {}
            Heard::Again => return Err(Refusal::Again),
            Heard::TooMany => return Err(Refusal::TooMany),
        }
        self.judged += 1;
        self.peers.entry(from).and_modify(|peer| peer.judged += 1);
        Ok(())
    }

    pub(crate) fn judged_payment(&mut self, from: PeerId) {
        self.judged = self.judged.saturating_sub(1);
        self.peers.entry(from).and_modify(|peer| peer.judged = peer.judged.saturating_sub(1));
    }

    /// Admits a block to judgement. [`Admission::judged_block`] must follow.
    pub(crate) fn block(&mut self) -> Result<(), Refusal> {
        if self.judged_blocks >= self.limits.judged_blocks {
            return Err(Refusal::TooMany);
        }
        self.judged_blocks += 1;
        Ok(())
    }

    pub(crate) fn judged_block(&mut self) {
        self.judged_blocks = self.judged_blocks.saturating_sub(1);
    }

    /// Admits an announced block to be fetched. [`Admission::fetched_block`] must follow.
    pub(crate) fn fetch(&mut self, from: PeerId) -> Result<(), Refusal> {
        let share = self.peers.get(&from).map_or(0, |peer| peer.fetched);
        let most = self.limits.fetched_blocks;
        if self.fetched_blocks >= most || share >= most.div_ceil(2) {
            return Err(Refusal::TooMany);
        }
        self.fetched_blocks += 1;
        self.peers.entry(from).and_modify(|peer| peer.fetched += 1);
        Ok(())
    }

    pub(crate) fn fetched_block(&mut self, from: PeerId) {
        self.fetched_blocks = self.fetched_blocks.saturating_sub(1);
        self.peers.entry(from).and_modify(|peer| peer.fetched = peer.fetched.saturating_sub(1));
    }

    /// Forgets a peer that has gone.
    pub(crate) fn forget(&mut self, peer: &PeerId) {
        self.peers.remove(peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::Rate;

    fn relay(counter: u64) -> RelayId {
        RelayId { origin: PeerId::random(), counter }
    }

    #[test]
    fn one_peer_gets_a_quarter_of_the_places() {
        let now = Instant::now();
        let mut admission = Admission::new(GossipLimits { judged: 8, ..GossipLimits::default() }, now);
        let (one, other) = (PeerId::random(), PeerId::random());
        for peer in [one, other] {
            admission.message(peer, 1, now).unwrap();
        }
        assert!((0..2).all(|counter| admission.payment(one, relay(counter), now).is_ok()));
        assert_eq!(admission.payment(one, relay(2), now), Err(Refusal::TooMany));
        assert_eq!(admission.payment(other, relay(2), now), Ok(()));
        admission.judged_payment(one);
        assert_eq!(admission.payment(one, relay(3), now), Ok(()));
    }

    #[test]
    fn blocks_that_are_fetched_take_no_places_of_others() {
        let now = Instant::now();
        let limits = GossipLimits { judged_blocks: 1, fetched_blocks: 4, ..GossipLimits::default() };
        let mut admission = Admission::new(limits, now);
        let [one, other, third] = [(); 3].map(|()| PeerId::random());
        for peer in [one, other, third] {
            admission.message(peer, 1, now).unwrap();
        }
        assert_eq!([one, one, one].map(|peer| admission.fetch(peer).is_ok()), [true, true, false]);
        assert_eq!([other, other, third].map(|peer| admission.fetch(peer).is_ok()), [true, true, false]);
        assert_eq!(admission.block(), Ok(()));
        admission.fetched_block(one);
        assert_eq!(admission.fetch(third), Ok(()));
    }

    #[test]
    fn peer_over_its_rate_floods() {
        let now = Instant::now();
        let limits = GossipLimits {
            per_peer: Rate::new(1.0, 2.0),
            bytes_per_peer: Rate::new(1.0, 100.0),
            ..Default::default()
        };
        let mut admission = Admission::new(limits, now);
        let [many, large] = [PeerId::random(), PeerId::random()];
        assert_eq!(
            [1, 1, 1].map(|bytes| admission.message(many, bytes, now)),
            [Ok(()), Ok(()), Err(Refusal::Flood)]
        );
        assert_eq!([100, 1].map(|bytes| admission.message(large, bytes, now)), [Ok(()), Err(Refusal::Flood)]);
        admission.forget(&many);
        assert_eq!(admission.message(many, 1, now), Ok(()));
    }

    #[test]
    fn many_origins_share_one_rate() {
        let now = Instant::now();
        let limits = GossipLimits { payments: Rate::new(1.0, 3.0), ..Default::default() };
        let mut admission = Admission::new(limits, now);
        let admitted =
            (0..10).filter(|&counter| admission.payment(PeerId::random(), relay(counter), now).is_ok());
        assert_eq!(admitted.count(), 3);
    }
}
