use std::collections::HashMap;

use libp2p::{PeerId, request_response::InboundRequestId};
use tokio::time::Instant;

use crate::{rate::Bucket, settings::SyncLimits};

/// The requests of peers that are open: from their arrival until their answer has left.
pub(crate) struct Serving {
    limits: SyncLimits,
    open: HashMap<InboundRequestId, PeerId>,
    left: HashMap<PeerId, Bucket>,
}

impl Serving {
    pub(crate) fn new(limits: SyncLimits) -> Self {
        Self { limits, open: HashMap::new(), left: HashMap::new() }
    }

    /// Whether one more request is answered. It counts until [`Serving::end`].
    pub(crate) fn begin(&mut self, peer: PeerId, id: InboundRequestId, now: Instant) -> bool {
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

    pub(crate) fn end(&mut self, id: &InboundRequestId) {
        self.open.remove(id);
    }

    /// Forgets a peer that has gone.
    pub(crate) fn forget(&mut self, peer: &PeerId) {
        self.left.remove(peer);
        self.open.retain(|_, other| other != peer);
    }
}
