use std::collections::HashMap;

use libp2p::PeerId;
use tokio::time::Instant;

use super::{
    origins::{Heard, Origins},
    slots::Slots,
};
use crate::{ids::RelayId, rate::Bucket, settings::GossipLimits};

/// Decides which messages are judged at all. All other messages cost the application nothing.
pub(crate) struct Admission {
    limits: GossipLimits,
    origins: Origins,
    payments: Bucket,
    peers: HashMap<PeerId, PeerBuckets>,
    judged: Slots,
    judged_blocks: Slots,
    fetched_blocks: Slots,
}

struct PeerBuckets {
    messages: Bucket,
    bytes: Bucket,
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
        let quarter = |most: usize| Slots::new(most, most.div_ceil(4));
        let half = |most: usize| Slots::new(most, most.div_ceil(2));
        Self {
            origins,
            payments,
            peers: HashMap::new(),
            judged: quarter(limits.judged),
            judged_blocks: quarter(limits.judged_blocks),
            fetched_blocks: half(limits.fetched_blocks),
            limits,
        }
    }

    /// Counts any message of a peer.
    pub(crate) fn message(&mut self, from: PeerId, bytes: usize, now: Instant) -> Result<(), Refusal> {
        let (per_peer, bytes_per_peer) = (self.limits.per_peer, self.limits.bytes_per_peer);
        let peer = self.peers.entry(from).or_insert_with(|| PeerBuckets {
            messages: Bucket::full(per_peer, now),
            bytes: Bucket::full(bytes_per_peer, now),
        });
        let within =
            peer.messages.take(per_peer, 1.0, now) && peer.bytes.take(bytes_per_peer, bytes as f64, now);
        if within { Ok(()) } else { Err(Refusal::Flood) }
    }

    /// Admits a payment to judgement. [`Admission::judged_payment`] must follow.
    pub(crate) fn payment(&mut self, from: PeerId, relay: RelayId, now: Instant) -> Result<(), Refusal> {
        if !self.judged.is_free_for(&from) {
            return Err(Refusal::TooMany);
        }
        let (rate, payments) = (self.limits.payments, &mut self.payments);
        match self.origins.hear(relay, || payments.take(rate, 1.0, now), now) {
            Heard::New => {}
            Heard::Again => return Err(Refusal::Again),
            Heard::TooMany => return Err(Refusal::TooMany),
        }
        self.judged.take(from);
        Ok(())
    }

    pub(crate) fn judged_payment(&mut self, from: PeerId) {
        self.judged.give_back(from);
    }

    /// Admits a block to judgement. [`Admission::judged_block`] must follow.
    pub(crate) fn block(&mut self, from: PeerId) -> Result<(), Refusal> {
        admit(&mut self.judged_blocks, from)
    }

    pub(crate) fn judged_block(&mut self, from: PeerId) {
        self.judged_blocks.give_back(from);
    }

    /// Admits an announced block to be fetched. [`Admission::fetched_block`] must follow.
    pub(crate) fn fetch(&mut self, from: PeerId) -> Result<(), Refusal> {
        admit(&mut self.fetched_blocks, from)
    }

    pub(crate) fn fetched_block(&mut self, from: PeerId) {
        self.fetched_blocks.give_back(from);
    }

    /// Forgets a peer that has gone.
    pub(crate) fn forget(&mut self, peer: &PeerId) {
        self.peers.remove(peer);
    }
}

fn admit(slots: &mut Slots, from: PeerId) -> Result<(), Refusal> {
    if !slots.is_free_for(&from) {
        return Err(Refusal::TooMany);
    }
    slots.take(from);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::Rate;

    fn relay(counter: u64) -> RelayId {
        RelayId { origin: PeerId::random(), counter }
    }

    #[test]
    fn one_peer_gets_a_quarter_of_the_slots() {
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
    fn fetched_blocks_take_no_slots_of_judged_ones() {
        let now = Instant::now();
        let limits = GossipLimits { judged_blocks: 1, fetched_blocks: 4, ..GossipLimits::default() };
        let mut admission = Admission::new(limits, now);
        let [one, other, third] = [(); 3].map(|()| PeerId::random());
        for peer in [one, other, third] {
            admission.message(peer, 1, now).unwrap();
        }
        assert_eq!([one, one, one].map(|peer| admission.fetch(peer).is_ok()), [true, true, false]);
        assert_eq!([other, other, third].map(|peer| admission.fetch(peer).is_ok()), [true, true, false]);
        assert_eq!(admission.block(one), Ok(()));
        assert_eq!(admission.block(other), Err(Refusal::TooMany));
        admission.judged_block(one);
        assert_eq!(admission.block(other), Ok(()));
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
