//! All connections: how many there are, from which addresses, and which one makes room for another.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::usage::Usage;

/// Limits on connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// In all.
    pub total: usize,
    /// From one address.
    pub per_address: usize,
}

/// Connections that were admitted and not cut off.
#[derive(Debug)]
pub struct Connections {
    bounds: Bounds,
    open: Mutex<Vec<Arc<Usage>>>,
    unfinished: Arc<AtomicUsize>,
    cut: AtomicUsize,
}

impl Connections {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, open: Mutex::default(), unfinished: Arc::default(), cut: AtomicUsize::default() }
    }

    /// The limits.
    pub(in crate::http) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Admits a connection. At a limit, one address must give up a connection: the one that has been idle longest is cut
    /// off. `None` if none of that address is idle.
    pub(in crate::http) fn admit(&self, client: SocketAddr) -> Option<Arc<Usage>> {
        let address = network(client.ip());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(address) = self.crowded(&open, address) {
            let idle = open.iter().filter(|usage| usage.address == address);
            let victim =
                idle.filter_map(|usage| Some((usage.idle_since()?, usage))).min_by_key(|idle| idle.0)?;
            let victim = Arc::clone(victim.1);
            open.retain(|usage| !Arc::ptr_eq(usage, &victim));
            self.cut_off(&victim);
        }
        let usage = Arc::new(Usage::new(address, Arc::clone(&self.unfinished)));
        open.push(Arc::clone(&usage));
        Some(usage)
    }

    /// The address that must give up a connection before one from `address` is admitted: `address` itself if it is
    /// at its limit, else the address with the most connections.
    fn crowded(&self, open: &[Arc<Usage>], address: IpAddr) -> Option<IpAddr> {
        if open.iter().filter(|usage| usage.address == address).count() >= self.bounds.per_address {
            return Some(address);
        }
        if open.len() < self.bounds.total {
            return None;
        }
        let mut counts = HashMap::<IpAddr, usize>::new();
        open.iter().for_each(|usage| *counts.entry(usage.address).or_default() += 1);
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(address, _)| address)
    }

    /// Cuts off a connection.
    pub(super) fn cut_off(&self, usage: &Usage) {
        usage.cut();
        self.cut.fetch_add(1, Ordering::Relaxed);
    }

    /// Connections cut off since the last call.
    pub(super) fn take_cut(&self) -> usize {
        self.cut.swap(0, Ordering::Relaxed)
    }

    pub(in crate::http) fn remove(&self, usage: &Arc<Usage>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|other| !Arc::ptr_eq(other, usage));
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// A snapshot of all connections.
    pub(super) fn all(&self) -> Vec<Arc<Usage>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Bytes of incomplete requests.
    pub(super) fn unfinished(&self) -> usize {
        self.unfinished.load(Ordering::Relaxed)
    }
}

/// What counts as one client: an IPv4 address, or an IPv6 /64 network, which is what one subscriber gets.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> SocketAddr {
        ([10, 0, 0, last], 1000).into()
    }

    fn connections() -> Connections {
        Connections::new(Bounds { total: 3, per_address: 2 })
    }

    #[test]
    fn address_at_its_limit_gives_up_its_idlest_connection() {
        let connections = connections();
        let first = connections.admit(client(1)).unwrap();
        let second = connections.admit(client(1)).unwrap();
        first.begin(false);
        let third = connections.admit(client(1)).unwrap();
        assert!(!first.is_cut() && second.is_cut() && !third.is_cut());
    }

    #[test]
    fn address_with_most_connections_makes_room() {
        let connections = connections();
        let first = connections.admit(client(1)).unwrap();
        let others =
            [connections.admit(client(1)), connections.admit(client(2)), connections.admit(client(3))];
        assert!(first.is_cut());
        assert!(others.iter().flatten().all(|usage| !usage.is_cut()));
    }

    #[test]
    fn working_connections_are_not_cut_off() {
        let connections = connections();
        let open = [connections.admit(client(1)).unwrap(), connections.admit(client(1)).unwrap()];
        open.iter().for_each(|usage| usage.begin(false));
        assert!(connections.admit(client(1)).is_none());
        open[0].end();
        assert!(connections.admit(client(1)).is_some());
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let one = network("2001:db8::1".parse().unwrap());
        assert_eq!(one, network("2001:db8::ffff:1".parse().unwrap()));
        assert_ne!(one, network("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(network("::ffff:10.0.0.1".parse().unwrap()), network("10.0.0.1".parse().unwrap()));
    }
}
