use std::collections::HashMap;

use libp2p::PeerId;

/// Slots for work on what peers send. One peer gets a share of them.
pub(super) struct Slots {
    most: usize,
    share: usize,
    all: usize,
    taken: HashMap<PeerId, usize>,
}

impl Slots {
    pub(super) fn new(most: usize, share: usize) -> Self {
        Self { most, share, all: 0, taken: HashMap::new() }
    }

    /// Whether there is a slot for one more piece of work for this peer.
    pub(super) fn is_free_for(&self, peer: &PeerId) -> bool {
        let of_peer = self.taken.get(peer).copied().unwrap_or(0);
        self.all < self.most && of_peer < self.share
    }

    /// Takes a slot, which must be free. [`Slots::give_back`] must follow.
    pub(super) fn take(&mut self, peer: PeerId) {
        self.all += 1;
        *self.taken.entry(peer).or_insert(0) += 1;
    }

    /// Gives a slot back.
    pub(super) fn give_back(&mut self, peer: PeerId) {
        let Some(of_peer) = self.taken.get_mut(&peer) else { return };
        (*of_peer, self.all) = (*of_peer - 1, self.all - 1);
        if *of_peer == 0 {
            self.taken.remove(&peer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_bounded_per_peer_and_in_total() {
        let peers = [(); 5].map(|()| PeerId::random());
        let mut slots = Slots::new(8, 2);
        let mut take = |peer: PeerId| {
            let free = slots.is_free_for(&peer);
            free.then(|| slots.take(peer)).is_some()
        };
        assert_eq!([peers[0]; 3].map(&mut take), [true, true, false]);
        for &peer in &peers[1..4] {
            assert_eq!([peer; 2].map(&mut take), [true, true]);
        }
        assert!(!take(peers[4]), "all are taken");
        slots.give_back(peers[0]);
        assert!(slots.is_free_for(&peers[4]) && slots.is_free_for(&peers[0]));
        slots.give_back(peers[4]);
        assert_eq!(slots.all, 7, "a peer that has none gives none back");
        for peer in [peers[0], peers[1], peers[1], peers[2], peers[2], peers[3], peers[3]] {
            slots.give_back(peer);
        }
        assert_eq!((slots.all, slots.taken.len()), (0, 0));
    }
}
