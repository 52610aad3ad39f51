use hashlink::LruCache;
use libp2p::PeerId;
use tokio::time::Instant;

use super::window::Window;
use crate::{
    ids::RelayId,
    rate::{Bucket, Rate},
};

/// The record of one origin.
struct Origin {
    window: Window,
    left: Bucket,
}

/// The origins of payments. The least recent ones are forgotten first.
///
/// An attacker with very many keys can make a node forget an origin, and then send its old payments again.
pub(super) struct Origins {
    rate: Rate,
    known: LruCache<PeerId, Origin>,
}

/// What an origin's record says about one more payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    New,
    Again,
    TooMany,
}

impl Origins {
    pub(super) fn new(rate: Rate, most: usize) -> Self {
        Self { rate, known: LruCache::new(most) }
    }

    /// Notes a payment, unless it was heard before, or is over its origin's rate or the rate of all, which `others` checks.
    ///
    /// Repeated payments cost their origin nothing, so repeating them cannot silence it.
    pub(super) fn hear(&mut self, relay: RelayId, others: impl FnOnce() -> bool, now: Instant) -> Heard {
        let rate = self.rate;
        if self.known.get(&relay.origin).is_none() {
            let new = Origin { window: Window::starting_at(relay.counter), left: Bucket::full(rate, now) };
            self.known.insert(relay.origin, new);
        }
        let Some(origin) = self.known.get_mut(&relay.origin) else { return Heard::TooMany };
        if origin.window.has_heard(relay.counter) {
            Heard::Again
        } else if !origin.left.take(rate, 1.0, now) || !others() {
            Heard::TooMany
        } else {
            origin.window.hear(relay.counter);
            Heard::New
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn origin_is_heard_at_its_rate_and_no_other_suffers() {
        let (mut origins, now) = (Origins::new(Rate::new(1.0, 3.0), 10), Instant::now());
        let (one, other) = (PeerId::random(), PeerId::random());
        let mut hear = |origin, counter, after| {
            origins.hear(RelayId { origin, counter }, || true, now + Duration::from_secs(after))
        };
        assert_eq!(
            [0, 1, 2, 3].map(|counter| hear(one, counter, 0)),
            [Heard::New, Heard::New, Heard::New, Heard::TooMany]
        );
        assert_eq!(hear(other, 3, 0), Heard::New);
        assert_eq!(hear(one, 3, 1), Heard::New);
        assert_eq!(hear(one, 3, 2), Heard::Again);
    }

    #[test]
    fn repeated_payments_do_not_use_up_their_origins_rate() {
        let (mut origins, now) = (Origins::new(Rate::new(1.0, 2.0), 10), Instant::now());
        let mut hear = |counter| {
            origins.hear(RelayId { origin: PeerId::from_bytes(&[0, 0]).unwrap(), counter }, || true, now)
        };
        assert_eq!(hear(1), Heard::New);
        assert!((0..100).all(|_| hear(1) == Heard::Again));
        assert_eq!(hear(2), Heard::New);
    }

    #[test]
    fn origins_are_bounded_and_the_least_recent_is_forgotten() {
        let (mut origins, now) = (Origins::new(Rate::new(1.0, 9.0), 2), Instant::now());
        let peers = [(); 3].map(|()| PeerId::random());
        let hear = |origins: &mut Origins, peer: usize| {
            origins.hear(RelayId { origin: peers[peer], counter: 7 }, || true, now)
        };
        assert_eq!(
            [0, 1, 0, 2].map(|peer| hear(&mut origins, peer)),
            [Heard::New, Heard::New, Heard::Again, Heard::New]
        );
        assert_eq!(hear(&mut origins, 0), Heard::Again);
        assert_eq!(hear(&mut origins, 1), Heard::New);
        assert_eq!(origins.known.len(), 2);
    }
}
