use std::{collections::HashMap, net::IpAddr};

use tokio::time::Instant;

use crate::rate::{Bucket, Rate};

/// Networks whose budget is remembered.
const MAX_NETWORKS: usize = 4_096;

/// How many handshakes each network may still begin. A handshake costs this node arithmetic before it knows who is there.
#[derive(Debug, Default)]
pub(super) struct Handshakes {
    left: HashMap<IpAddr, Bucket>,
}

impl Handshakes {
    /// Takes one handshake from the network's budget. Returns whether there was one.
    pub(super) fn take(&mut self, network: IpAddr, rate: Rate, now: Instant) -> bool {
        if !self.left.contains_key(&network) && self.left.len() >= MAX_NETWORKS {
            self.forget(rate, now);
        }
        self.left.entry(network).or_insert_with(|| Bucket::full(rate, now)).take(rate, 1.0, now)
    }

    /// Forgets the networks with a full budget. If none has one, forgets the one with the most left: it loses the least.
    fn forget(&mut self, rate: Rate, now: Instant) {
        self.left.retain(|_, bucket| bucket.left_at(rate, now) < rate.burst);
        if self.left.len() >= MAX_NETWORKS {
            let left = |(_, bucket): &(_, &Bucket)| bucket.left_at(rate, now);
            let fullest = self.left.iter().max_by(|one, other| left(one).total_cmp(&left(other)));
            if let Some(network) = fullest.map(|(network, _)| *network) {
                self.left.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RATE: Rate = Rate::new(2.0, 4.0);

    fn network(number: usize) -> IpAddr {
        IpAddr::from((number as u32).to_be_bytes())
    }

    #[test]
    fn network_that_begins_too_many_handshakes_delays_no_other() {
        let (mut handshakes, now) = (Handshakes::default(), Instant::now());
        let mut taken = |number| (0..10).filter(|_| handshakes.take(network(number), RATE, now)).count();
        assert_eq!([taken(1), taken(1), taken(2)], [4, 0, 4]);
        assert!(handshakes.take(network(1), RATE, now + Duration::from_millis(500)));
    }

    #[test]
    fn remembered_networks_are_bounded() {
        let (mut handshakes, now) = (Handshakes::default(), Instant::now());
        (0..4).for_each(|_| assert!(handshakes.take(network(0), RATE, now)));
        assert!((1..2 * MAX_NETWORKS).all(|number| handshakes.take(network(number), RATE, now)));
        assert_eq!(handshakes.left.len(), MAX_NETWORKS);
        assert!(!handshakes.take(network(0), RATE, now), "the one that has used most is remembered");
    }

    #[test]
    fn known_network_displaces_no_other() {
        let (mut handshakes, now) = (Handshakes::default(), Instant::now());
        assert!((0..MAX_NETWORKS).all(|number| handshakes.take(network(number), RATE, now)));
        assert!(handshakes.take(network(0), RATE, now));
        assert_eq!(handshakes.left.len(), MAX_NETWORKS);
    }

    #[test]
    fn full_budgets_are_forgotten_first() {
        let (mut handshakes, now) = (Handshakes::default(), Instant::now());
        assert!((0..MAX_NETWORKS).all(|number| handshakes.take(network(number), RATE, now)));
        assert!(handshakes.take(network(MAX_NETWORKS), RATE, now + Duration::from_secs(2)));
        assert_eq!(handshakes.left.len(), 1);
    }
}
