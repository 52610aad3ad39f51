//! Adds up the payments of an address, segment by segment, and caches the result.
//!
//! Sums up to a block stay valid as long as the chain has that block. So the payments of a busy address
//! are read once, and later only the newer ones.

use std::sync::Arc;

use ledger_core::seam::RuleSet;
use ledger_core::{Address, BlockHash};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rusqlite::Connection;

use super::total::Total;
use crate::store::chain::blocks;
use crate::store::errors::StoreError;
use crate::store::index::{self, Entry, Key, SEGMENT, Wanted};

/// Bytes for cached sums.
const MEMORY: u64 = 8 << 20;

/// Bytes of a cached sum without its segments.
const BASE: u64 = 256;

/// Fewest payments for which a sum is cached.
const FEWEST: u64 = 64;

/// All payments of an address up to a block, added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Number of payments.
    pub(crate) count: u64,
    /// Sum received.
    pub(crate) received: Total,
    /// Sum paid.
    pub(crate) sent: Total,
    /// Payments whose amount is not a number.
    pub(crate) uncounted: u64,
    /// Number of payments in each segment that has any, in order.
    segments: Vec<(u64, u64)>,
    /// Segments in which the address shares its key with another one.
    shared: Vec<u64>,
    /// The last block that is included, and its hash.
    upto: Option<(u64, BlockHash)>,
}

impl Tally {
    fn add(&mut self, entry: &Entry) {
        self.count += 1;
        let segment = entry.0 / SEGMENT;
        match self.segments.last_mut() {
            Some((last, count)) if *last == segment => *count += 1,
            _ => self.segments.push((segment, 1)),
        }
        let Some(value) = entry.3 else {
            self.uncounted += 1;
            return;
        };
        if entry.is_paid() {
            self.received.add(value);
        }
        if entry.pays() {
            self.sent.add(value);
        }
    }

    /// Segments in which the address shares its key with another one.
    pub(super) fn shared(&self) -> &[u64] {
        &self.shared
    }

    /// The segment of a payment, counted from 0, and the number of payments in the segments before it.
    pub(crate) fn segment_of(&self, number: u64) -> Option<(u64, u64)> {
        let mut before = 0;
        self.segments.iter().find_map(|(segment, count)| {
            let found = (number < before + count).then_some((*segment, before));
            before += count;
            found
        })
    }

    /// Whether the chain still has the last block that is included.
    fn holds(&self, snapshot: &Connection) -> Result<bool, StoreError> {
        match self.upto {
            Some((height, hash)) => Ok(blocks::hash_at(snapshot, height)? == Some(hash)),
            None => Ok(false),
        }
    }
}

/// The cached sums.
#[derive(Debug)]
pub struct Tallies(Cache<Key, Arc<Tally>, Weight>);

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Key, Arc<Tally>> for Weight {
    fn weight(&self, _: &Key, tally: &Arc<Tally>) -> u64 {
        BASE + 16 * tally.segments.len() as u64 + 8 * tally.shared.len() as u64
    }
}

impl Default for Tallies {
    fn default() -> Self {
        Self(Cache::with_weighter(1_024, MEMORY, Weight))
    }
}

impl Tallies {
    /// The sums of an address in a snapshot.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn of(
        &self,
        snapshot: &Connection,
        rules: &dyn RuleSet,
        (key, address): (Key, &Address),
    ) -> Result<Arc<Tally>, StoreError> {
        let cached = match self.0.get(&key) {
            Some(tally) if tally.holds(snapshot)? => tally,
            _ => Arc::default(),
        };
        let known = cached.upto.map_or(0, |(height, _)| height);
        let last = blocks::length(snapshot)?;
        if last == known {
            return Ok(cached);
        }
        let mut tally = Tally::clone(&cached);
        let wanted = Wanted { rules, key, address, shared: None };
        let shared = index::of_address(snapshot, wanted, known / SEGMENT, known, |entry| {
            tally.add(&entry);
            std::ops::ControlFlow::Continue(())
        })?;
        tally.shared.extend(shared);
        tally.upto = blocks::hash_at(snapshot, last)?.map(|hash| (last, hash));
        let tally = Arc::new(tally);
        if tally.count >= FEWEST {
            self.0.insert(key, Arc::clone(&tally));
        }
        Ok(tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::index::key;
    use crate::store::testing::{TestChain, rules, store};
    use ledger_core::Transaction;

    fn tally(heights: &[u64]) -> Tally {
        let mut tally = Tally::default();
        heights.iter().for_each(|height| tally.add(&Entry(*height, 0, 0, None)));
        tally
    }

    #[test]
    fn payment_is_in_the_segment_of_its_block() {
        let tally = tally(&[1, 2, 2, 3 * SEGMENT, 5 * SEGMENT + 1, 5 * SEGMENT + 2]);
        assert_eq!((tally.count, tally.uncounted), (6, 6));
        let segments: Vec<_> = (0..7).map(|number| tally.segment_of(number)).collect();
        let [first, second, third] = [(0, 0), (3, 3), (5, 4)].map(Some);
        assert_eq!(segments, [first, first, first, second, third, third, None]);
        assert!(tally.shared().is_empty());
    }

    #[test]
    fn weight_grows_with_the_lists() {
        let mut tally = tally(&[1, SEGMENT, 2 * SEGMENT]);
        let weight = |tally: &Tally| Weight.weight(&key("bob"), &Arc::new(tally.clone()));
        assert_eq!(weight(&tally), BASE + 3 * 16);
        tally.shared = vec![1, 2];
        assert_eq!(weight(&tally), BASE + 3 * 16 + 2 * 8);
    }

    /// The sums of an address.
    fn of(tallies: &Tallies, store: &Store, address: &str) -> Arc<Tally> {
        let (key, address, rules) = (key(address), Address::from(address), rules());
        store.reading(|snapshot| tallies.of(snapshot, &*rules, (key, &address))).unwrap()
    }

    #[test]
    fn sums_of_many_payments_are_cached() {
        let directory = tempfile::tempdir().unwrap();
        let (mut store, mut chain, tallies) = (store(directory.path()), TestChain::new(), Tallies::default());
        let to =
            |address: &'static str, count: u64| vec![Transaction::reward(address, 1_u64); count as usize];
        store.append_and(chain.add(to("amy", FEWEST)), |_| Ok(())).unwrap();
        store.append_and(chain.add(to("bob", FEWEST - 1)), |_| Ok(())).unwrap();
        let is_cached = |address| Arc::ptr_eq(&of(&tallies, &store, address), &of(&tallies, &store, address));
        assert!(is_cached("amy"));
        assert!(!is_cached("bob"));
    }

    #[test]
    fn sums_of_another_chain_are_not_used() {
        let directories = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let tallies = Tallies::default();
        for (directory, amount) in directories.iter().zip([1_u64, 2]) {
            let (mut store, mut chain) = (store(directory.path()), TestChain::new());
            let payments = vec![Transaction::reward("amy", amount); 64];
            store.append_and(chain.add(payments), |_| Ok(())).unwrap();
            assert_eq!(of(&tallies, &store, "amy").received.to_string(), (64 * amount).to_string());
        }
    }
}
