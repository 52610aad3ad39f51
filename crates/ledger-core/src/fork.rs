//! Fork choice, and what becomes of payments when one chain replaces another (a reorg).
//!
//! The longest valid chain wins (tutorial, section 8.2); of two equally long ones we keep ours. Bitcoin compares the
//! total work instead, which at one fixed difficulty is the same.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::canonical;
use crate::hash::BlockHash;
use crate::transaction::Transaction;

/// Whether a valid chain of `theirs` blocks replaces ours of `ours` blocks.
///
/// ```
/// assert!(ledger_core::fork::replaces(3, 2));
/// assert!(!ledger_core::fork::replaces(2, 2));
/// ```
pub fn replaces(theirs: u64, ours: u64) -> bool {
    theirs > ours
}

/// Finds the payments that a new chain lacks, so that a reorg neither loses nor doubles one.
///
/// First every payment of the replaced blocks and of the pool is [held](Self::hold), in the order in which they should
/// wait; then every transaction of the new blocks is [met](Self::meet). What is left belongs into the pool. Equal
/// payments are counted: held twice and met once leaves one.
///
/// `K` is the caller's handle for a payment: its place, its number, or the payment itself. Mining rewards are never held,
/// since a reward of a replaced block is void.
///
/// # Examples
///
/// ```
/// use ledger_core::{Transaction, fork::Leftovers};
///
/// let pay = |to: &str| Transaction { amount: 5u64.into(), recipient: to.into(), sender: "alice".into() };
/// let mut leftovers = Leftovers::new();
/// leftovers.hold(&pay("bob"), "in our block");
/// leftovers.hold(&pay("bob"), "in our pool");
/// leftovers.hold(&pay("carol"), "carol's");
/// leftovers.meet(&pay("bob"));
/// assert_eq!(leftovers.into_rest(), ["in our pool", "carol's"]);
/// ```
#[derive(Clone, Debug)]
pub struct Leftovers<K> {
    places: HashMap<BlockHash, VecDeque<u64>>,
    held: BTreeMap<u64, K>,
}

impl<K> Leftovers<K> {
    /// Nothing held yet.
    pub fn new() -> Self {
        Self { places: HashMap::new(), held: BTreeMap::new() }
    }

    /// Holds a payment of ours.
    pub fn hold(&mut self, transaction: &Transaction, handle: K) {
        if transaction.is_reward() {
            return;
        }
        let place = self.held.last_key_value().map_or(0, |(last, _)| last + 1);
        self.held.insert(place, handle);
        self.places.entry(name(transaction)).or_default().push_back(place);
    }

    /// Meets a transaction of the new blocks; an equal one that is held is held no more.
    pub fn meet(&mut self, transaction: &Transaction) {
        if self.held.is_empty() {
            return;
        }
        if let Some(place) = self.places.get_mut(&name(transaction)).and_then(VecDeque::pop_front) {
            self.held.remove(&place);
        }
    }

    /// Whether nothing is held, so that meeting more changes nothing.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The handles of what was held and not met, in order.
    pub fn into_rest(self) -> Vec<K> {
        self.held.into_values().collect()
    }
}

impl<K> Default for Leftovers<K> {
    fn default() -> Self {
        Self::new()
    }
}

fn name(transaction: &Transaction) -> BlockHash {
    BlockHash::of_text(&canonical::transaction_text(transaction))
}
