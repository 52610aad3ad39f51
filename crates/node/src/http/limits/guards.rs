//! All bounds on clients, and their sizes.

use std::sync::Arc;
use std::time::Duration;

use p2p::PeerLimits;

use super::connections::{Bounds, Connections};
use super::descriptors;
use super::gate::Gate;
use super::rates::Rates;
use super::refusal::Refusals;
use super::slots::Slots;
use crate::http::log::RequestLog;
use crate::settings::Settings;

/// Concurrent answers of many pages.
const LONG_ANSWERS: u32 = 32;

/// KiB of queued answers that are in one piece, over all connections.
const OUTSTANDING: u32 = 64 << 10;

/// Versions of the `/transactions` answer in memory. Each is as long as the pool.
const POOL_ANSWERS: u32 = 3;

/// Concurrent reads of the payment index; few, to leave the processor to other requests.
const ADDRESSES: u32 = 2;

/// Requests that may wait at a gate, a quarter of them from one address.
const QUEUE: usize = 128;

/// Longest wait at a gate.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// All bounds on clients.
#[derive(Debug)]
pub struct Guards {
    pub(in crate::http) connections: Arc<Connections>,
    pub(in crate::http) refusals: Refusals,
    pub(in crate::http) requests: Arc<RequestLog>,
    pub(in crate::http) outstanding: Gate,
    /// Descriptors for the peer-to-peer network.
    pub peer_descriptors: usize,
    /// For requests of other machines.
    pub rates: Rates,
    /// For answers of many pages.
    pub long_answers: Gate,
    /// For answers of `/transactions`. Many clients may share one.
    pub pool_answers: Gate,
    /// For reads of the payment index.
    pub addresses: Gate,
    /// For connections to the live feed.
    pub feeds: Slots,
}

impl Guards {
    /// The bounds for this process and these settings.
    pub fn new(settings: &Settings) -> Self {
        let gate = |permits| Gate::new(permits, QUEUE, PATIENCE);
        let wanted = if settings.is_networked() { PeerLimits::default().descriptors() } else { 0 };
        let (bounds, peer_descriptors) = descriptors::shared_with_peers(wanted);
        Self {
            peer_descriptors,
            connections: Arc::new(Connections::new(bounds)),
            refusals: Refusals::new(),
            requests: Arc::new(RequestLog::new(settings.request_log.is_on())),
            rates: Rates::new(settings.request_rate),
            outstanding: gate(OUTSTANDING),
            long_answers: gate(LONG_ANSWERS),
            pool_answers: gate(POOL_ANSWERS),
            addresses: gate(ADDRESSES),
            // Half of the connections are left for requests. Of the other half, an address may take a quarter.
            feeds: Slots::new(Bounds { total: bounds.total / 2, per_address: bounds.total.div_ceil(8) }),
        }
    }

    /// Open connections.
    pub fn connections(&self) -> usize {
        self.connections.count()
    }

    pub(super) fn gates(&self) -> impl Iterator<Item = &Gate> {
        [&self.outstanding, &self.long_answers, &self.pool_answers].into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use clap::Parser;

    use super::*;
    use crate::cli::Cli;
    use crate::http::Usage;

    fn client(number: u32) -> Usage {
        Usage::new(Ipv4Addr::from_bits(number).into(), Arc::default())
    }

    #[test]
    fn live_feeds_leave_connections_to_others() {
        let guards = Guards::new(&Cli::parse_from(["node"]).flags);
        let bounds = guards.connections.bounds();
        let one: Vec<_> = std::iter::from_fn(|| guards.feeds.take(&client(0))).collect();
        assert_eq!(one.len(), bounds.total.div_ceil(8));
        let others = (1..).map(|number| guards.feeds.take(&client(number))).take_while(Option::is_some);
        assert_eq!(one.len() + others.collect::<Vec<_>>().len(), bounds.total / 2);
    }

    #[test]
    fn only_a_networked_node_has_peer_descriptors() {
        let peers = |flags: &[&str]| {
            Guards::new(&Cli::parse_from([&["node"], flags].concat()).flags).peer_descriptors
        };
        assert_eq!(peers(&[]), 0);
        assert!(peers(&["--p2p-port", "0"]) > 0);
    }
}
