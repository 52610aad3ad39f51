//! Slots for answers that last as long as the client likes. Nobody waits for one: a client that finds none is refused.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::connections::Bounds;
use super::usage::Usage;

/// All slots.
#[derive(Debug)]
pub struct Slots {
    bounds: Bounds,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A slot that is taken until dropped.
#[derive(Debug)]
pub struct Slot {
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Slots {
    /// Slots in all, and for each address.
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, taken: Arc::default() }
    }

    /// Takes a slot for a client, if there is one.
    pub fn take(&self, client: &Usage) -> Option<Slot> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.values().sum::<usize>() >= self.bounds.total {
            return None;
        }
        let address = client.address;
        if taken.get(&address).is_some_and(|own| *own >= self.bounds.per_address) {
            return None;
        }
        *taken.entry(address).or_default() += 1;
        Some(Slot { address, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for Slot {
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
    fn slots_are_bounded_in_all_and_for_each_address() {
        let slots = Slots::new(Bounds { total: 3, per_address: 2 });
        let (one, two, three) = (client(1), client(2), client(3));
        let first = slots.take(&one).unwrap();
        let _second = slots.take(&one).unwrap();
        assert!(slots.take(&one).is_none(), "the address has all of its slots");
        let _third = slots.take(&two).unwrap();
        assert!(slots.take(&three).is_none(), "no slot is left");
        drop(first);
        assert!(slots.take(&three).is_some());
    }

    #[test]
    fn addresses_without_slots_are_forgotten() {
        let slots = Slots::new(Bounds { total: 9, per_address: 9 });
        drop(slots.take(&client(1)));
        assert!(slots.taken.lock().unwrap().is_empty());
    }
}
