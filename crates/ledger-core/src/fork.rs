//! Fork choice, and what becomes of payments when one chain replaces another (a reorg).
//!
//! The longest valid chain wins (tutorial, section 8.2); of two equally long ones we keep ours. Bitcoin compares the
//! total work instead, which at one fixed difficulty is the same.

use std::collections::HashMap;

use crate::payment::PaymentName;

/// Whether a valid chain of `theirs` blocks replaces ours of `ours` blocks.
///
/// ```
/// assert!(ledger_core::fork::replaces(3, 2));
/// assert!(!ledger_core::fork::replaces(2, 2));
/// ```
#[must_use]
pub fn replaces(theirs: u64, ours: u64) -> bool {
    theirs > ours
}

/// Works out which payments a reorg orphans: add ours (old blocks, then pool), confirm those in the new chain, and put
/// the rest back in the pool.
///
/// Only payments whose signature we verified are ours to add. Equal payments are counted: added twice and confirmed
/// once leaves one. A payment is told by its [name](PaymentName), and its text is not kept.
///
/// `K` is the caller's handle for a payment: its place, its number, or the payment itself.
///
/// # Examples
///
/// ```
/// use ledger_core::PaymentName;
/// use ledger_core::fork::Orphans;
///
/// let mut orphans = Orphans::new();
/// orphans.add("5 to bob", "in our block");
/// orphans.add("5 to bob", "in our pool");
/// orphans.add_named(PaymentName::of_text("5 to carol"), "carol's");
/// assert_eq!(orphans.confirm("5 to bob"), Some("in our block"));
/// assert_eq!(orphans.confirm("5 to dave"), None);
/// assert_eq!(orphans.into_rest().collect::<Vec<_>>(), ["in our pool", "carol's"]);
/// ```
#[derive(Clone, Debug)]
pub struct Orphans<K> {
    queues: HashMap<PaymentName, Queue>,
    added: Vec<Added<K>>,
    left: usize,
}

/// The places of equal payments that are not confirmed: each names the next.
#[derive(Clone, Copy, Debug)]
struct Queue {
    first: Option<usize>,
    last: usize,
}

#[derive(Clone, Debug)]
struct Added<K> {
    handle: Option<K>,
    next: Option<usize>,
}

impl<K> Orphans<K> {
    /// Nothing added yet.
    #[must_use]
    pub fn new() -> Self {
        Self { queues: HashMap::new(), added: Vec::new(), left: 0 }
    }

    /// Adds a payment of ours by its canonical text.
    pub fn add(&mut self, text: &str, handle: K) {
        self.add_named(PaymentName::of_text(text), handle);
    }

    /// Adds a payment of ours by its name.
    pub fn add_named(&mut self, name: PaymentName, handle: K) {
        let place = self.added.len();
        self.added.push(Added { handle: Some(handle), next: None });
        self.left += 1;
        let queue = self.queues.entry(name).or_insert(Queue { first: None, last: place });
        if queue.first.is_none() {
            queue.first = Some(place);
        } else {
            self.added[queue.last].next = Some(place);
        }
        queue.last = place;
    }

    /// Confirms a transaction of the new blocks, and answers which of ours it is: of equal ones the first.
    pub fn confirm(&mut self, text: &str) -> Option<K> {
        // Once all are confirmed, the rest of the new chain need not be hashed.
        if self.is_empty() { None } else { self.confirm_named(PaymentName::of_text(text)) }
    }

    /// Confirms a transaction by its name, as [`confirm`](Self::confirm) does by its text.
    pub fn confirm_named(&mut self, name: PaymentName) -> Option<K> {
        let queue = self.queues.get_mut(&name)?;
        let Added { handle, next } = &mut self.added[queue.first?];
        queue.first = *next;
        self.left -= 1;
        handle.take()
    }

    /// How many are added and not confirmed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.left
    }

    /// Whether all that were added are confirmed, so that confirming more changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// The handles of what was added and not confirmed, in order.
    pub fn into_rest(self) -> impl Iterator<Item = K> {
        self.added.into_iter().filter_map(|added| added.handle)
    }
}

impl<K> Default for Orphans<K> {
    fn default() -> Self {
        Self::new()
    }
}
