use std::{collections::HashMap, hash::Hash};

use libp2p::PeerId;
use tokio::time::Instant;

use crate::{rate::Bucket, settings::SyncLimits};

/// Open requests of peers: from their arrival until their answer has left.
pub(crate) struct Serving<Id> {
    limits: SyncLimits,
    open: HashMap<Id, PeerId>,
    left: HashMap<PeerId, Bucket>,
}

impl<Id: Eq + Hash> Serving<Id> {
    pub(crate) fn new(limits: SyncLimits) -> Self {
        Self { limits, open: HashMap::new(), left: HashMap::new() }
    }

    /// Counts a request. Returns whether to answer it: it is then open until [`Serving::end`].
    pub(crate) fn begin(&mut self, peer: PeerId, id: Id, now: Instant) -> bool {
        let rate = self.limits.per_peer;
        let within_rate =
            self.left.entry(peer).or_insert_with(|| Bucket::full(rate, now)).take(rate, 1.0, now);
        let of_peer = self.open.values().filter(|&&other| other == peer).count();
        let free = within_rate && of_peer < self.limits.open_per_peer && self.open.len() < self.limits.open;
        if free {
            self.open.insert(id, peer);
        }
        free
    }

    pub(crate) fn end(&mut self, id: &Id) {
        self.open.remove(id);
    }

    /// Forgets a peer that has gone.
    pub(crate) fn forget(&mut self, peer: &PeerId) {
        self.left.remove(peer);
        self.open.retain(|_, other| other != peer);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::rate::Rate;

    fn serving() -> Serving<u64> {
        let per_peer = Rate::new(10.0, 5.0);
        Serving::new(SyncLimits { open_per_peer: 2, open: 3, per_peer, ..SyncLimits::default() })
    }

    #[test]
    fn open_requests_of_a_peer_and_of_all_are_bounded() {
        let (mut serving, now) = (serving(), Instant::now());
        let [one, other, third] = [(); 3].map(|()| PeerId::random());
        let mut begin = |peer, id| serving.begin(peer, id, now);
        assert_eq!([1, 2, 3].map(|id| begin(one, id)), [true, true, false]);
        assert_eq!([4, 5].map(|id| begin(other, id)), [true, false]);
        serving.end(&1);
        assert!(serving.begin(third, 6, now));
        serving.end(&4);
        assert!(serving.begin(one, 7, now));
        assert!(!serving.begin(one, 8, now));
    }

    #[test]
    fn requests_over_the_rate_are_refused() {
        let (mut serving, now, peer) = (serving(), Instant::now(), PeerId::random());
        let mut begin = |id, now| {
            let begun = serving.begin(peer, id, now);
            serving.end(&id);
            begun
        };
        assert_eq!((0..9).filter(|&id| begin(id, now)).count(), 5);
        assert!(begin(9, now + Duration::from_millis(100)));
    }

    #[test]
    fn peer_that_has_gone_leaves_nothing_behind() {
        let (mut serving, now) = (serving(), Instant::now());
        let [one, other] = [(); 2].map(|()| PeerId::random());
        assert!([1, 2].into_iter().all(|id| serving.begin(one, id, now)));
        assert!(serving.begin(other, 3, now));
        serving.forget(&one);
        assert_eq!((serving.open.len(), serving.left.len()), (1, 1));
        assert!(serving.begin(other, 4, now));
    }
}
