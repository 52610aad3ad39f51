//! Seats for answers that last as long as the client likes. Nobody waits for one: a client that finds none is refused.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::connections::Bounds;
use super::usage::Usage;

/// All seats.
#[derive(Debug)]
pub struct Seats {
    bounds: Bounds,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A seat that is taken until dropped.
#[derive(Debug)]
pub struct Seat {
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Seats {
    /// Seats in all, and for each address.
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, taken: Arc::default() }
    }

    /// Takes a seat for a client, if there is one.
    pub fn take(&self, client: &Usage) -> Option<Seat> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.values().sum::<usize>() >= self.bounds.total {
            return None;
        }
        let address = client.address;
        if taken.get(&address).is_some_and(|own| *own >= self.bounds.per_address) {
            return None;
        }
        *taken.entry(address).or_default() += 1;
        Some(Seat { address, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.address) {
            *own -= 1;
        }
        taken.retain(|_, own| *own > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> Usage {
        Usage::new([10, 0, 0, last].into(), Arc::default())
    }

    #[test]
    fn seats_are_bounded_in_all_and_for_each_address() {
        let seats = Seats::new(Bounds { total: 3, per_address: 2 });
        let (one, two, three) = (client(1), client(2), client(3));
        let first = seats.take(&one).unwrap();
        let _second = seats.take(&one).unwrap();
        assert!(seats.take(&one).is_none(), "the address has all of its seats");
        let _third = seats.take(&two).unwrap();
        assert!(seats.take(&three).is_none(), "no seat is left");
        drop(first);
        assert!(seats.take(&three).is_some());
    }

    #[test]
    fn addresses_without_seats_are_forgotten() {
        let seats = Seats::new(Bounds { total: 9, per_address: 9 });
        drop(seats.take(&client(1)));
        assert!(seats.taken.lock().unwrap().is_empty());
    }
}
