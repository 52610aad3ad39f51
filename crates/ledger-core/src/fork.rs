//! What happens to payments when one chain replaces another (a reorg).
//!
//! The rule set says which chain wins: [`Rules::wins`](crate::seam::Rules::wins).

use std::collections::HashMap;

use crate::payment::PaymentName;

/// Works out which payments a reorg orphans: add ours (old blocks, then pool), confirm those in the new chain, and put
/// the rest back in the pool.
///
/// Add only payments whose signature this node verified. Equal payments are counted: added twice and confirmed once
/// leaves one. Payments are compared by their [name](PaymentName); their texts are not kept.
///
/// `K` is the caller's handle for a payment: its position, its number, or the payment itself.
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

/// Equal payments that are not confirmed, as a list linked through [`Added::next`]. The numbers are indexes of
/// [`Orphans::added`].
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
        let index = self.added.len();
        self.added.push(Added { handle: Some(handle), next: None });
        self.left += 1;
        let queue = self.queues.entry(name).or_insert(Queue { first: None, last: index });
        if queue.first.is_none() {
            queue.first = Some(index);
        } else {
            self.added[queue.last].next = Some(index);
        }
        queue.last = index;
    }

    /// Confirms a payment of the new chain by its canonical text. Returns our handle for it: of equal payments, the first
    /// one's.
    pub fn confirm(&mut self, text: &str) -> Option<K> {
        // Skip the hash once all are confirmed: the new chain may be long.
        if self.is_empty() { None } else { self.confirm_named(PaymentName::of_text(text)) }
    }

    /// Confirms a payment by its name, as [`confirm`](Self::confirm) does by its text.
    pub fn confirm_named(&mut self, name: PaymentName) -> Option<K> {
        let queue = self.queues.get_mut(&name)?;
        let Added { handle, next } = &mut self.added[queue.first?];
        queue.first = *next;
        self.left -= 1;
        handle.take()
    }

    /// How many payments are added and not confirmed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.left
    }

    /// Whether all added payments are confirmed: confirming more changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// The handles of payments that were added and not confirmed, in order.
    pub fn into_rest(self) -> impl Iterator<Item = K> {
        self.added.into_iter().filter_map(|added| added.handle)
    }
}

impl<K> Default for Orphans<K> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_what_is_not_confirmed() {
        let mut orphans = Orphans::new();
        for (handle, text) in ["5 to bob", "5 to carol", "5 to bob"].into_iter().enumerate() {
            orphans.add(text, handle);
        }
        for (text, confirmed, left) in
            [("", None, 3), ("5 to bob", Some(0), 2), ("5 to carol", Some(1), 1), ("5 to bob", Some(2), 0)]
        {
            assert_eq!(
                (orphans.confirm(text), orphans.len(), orphans.is_empty()),
                (confirmed, left, left == 0)
            );
        }
    }
}
