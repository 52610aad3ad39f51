//! All connections there are: how many, from whom, and which one makes room for another.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::usage::Usage;

/// How many connections there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// In all.
    pub total: usize,
    /// From one address.
    pub per_address: usize,
}

/// The connections that were admitted and not cut off.
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

    /// How many connections there may be.
    pub(in crate::http) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Takes in a connection, if need be in the place of the one whose client has done nothing for longest; none if
    /// the node works for all of them.
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

    /// The address that has to give a connection up before another from `address` is taken in: itself if it has all it
    /// may have, else the one that has most.
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

    /// Cuts a connection off.
    pub(super) fn cut_off(&self, usage: &Usage) {
        usage.cut();
        self.cut.fetch_add(1, Ordering::Relaxed);
    }

    /// How many were cut off since this was asked last.
    pub(super) fn take_cut(&self) -> usize {
        self.cut.swap(0, Ordering::Relaxed)
    }

    pub(in crate::http) fn remove(&self, usage: &Arc<Usage>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|other| !Arc::ptr_eq(other, usage));
    }

    /// All connections of this moment.
    pub(super) fn all(&self) -> Vec<Arc<Usage>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Bytes of requests that are not complete.
    pub(super) fn unfinished(&self) -> usize {
        self.unfinished.load(Ordering::Relaxed)
    }
}

/// Who counts as one client: an IPv4 address, or an IPv6 network of 64 bits, which is what one subscriber gets.
fn network(address: IpAddr) -> IpAddr {
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
    fn an_address_with_all_it_may_have_gives_up_its_idlest_connection() {
        let connections = connections();
        let first = connections.admit(client(1)).unwrap();
        let second = connections.admit(client(1)).unwrap();
        first.begin(false);
        let third = connections.admit(client(1)).unwrap();
        assert!(!first.is_cut() && second.is_cut() && !third.is_cut());
    }

    #[test]
    fn the_address_with_most_connections_makes_room_for_another() {
        let connections = connections();
        let first = connections.admit(client(1)).unwrap();
        let others =
            [connections.admit(client(1)), connections.admit(client(2)), connections.admit(client(3))];
        assert!(first.is_cut());
        assert!(others.iter().flatten().all(|usage| !usage.is_cut()));
    }

    #[test]
    fn nobody_is_cut_off_while_the_node_works_for_all() {
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
