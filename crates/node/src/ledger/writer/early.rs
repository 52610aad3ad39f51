//! Payments that arrived in other nodes' blocks before they were relayed.
//!
//! A block may overtake the payments that it holds. A payment that is relayed after its block must not enter the pool: it would
//! be paid twice, and no rule could tell. After a start, peers may relay once more what the node holds already.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use ledger_core::seam::payment_texts;
use ledger_core::{ForkPoint, PaymentName};
use rusqlite::Connection;

use crate::ledger::View;
use crate::store::{Store, StoreError, blocks};

/// How long after its block a payment may be relayed.
const LATE: Duration = Duration::from_secs(60);

/// The most payments remembered.
const MAX_PAYMENTS: usize = 65_536;

/// Blocks whose payments may still be on their way as relayed ones.
const RECENT: u32 = 64;

/// Bytes of these blocks that are read.
const RECENT_BYTES: usize = 4 << 20;

/// Payments of recent blocks that were not in the pool. Equal payments are counted.
#[derive(Debug, Default)]
pub(super) struct EarlyPayments {
    counts: HashMap<PaymentName, u32>,
    /// Oldest first.
    order: VecDeque<(Instant, PaymentName)>,
}

impl EarlyPayments {
    /// The payments that a node holds at its start. Peers may relay the last of them once more: they do not know what it has heard.
    pub(super) fn at_start(store: &Store, view: &View) -> Result<Self, StoreError> {
        let (mut early, now) = (Self::default(), Instant::now());
        early.add(store.reading(|snapshot| recent_payments(snapshot, ForkPoint::Nothing))?, now);
        early.add(view.pool.entries().map(|(_, payment)| payment.name()), now);
        Ok(early)
    }

    /// Remembers payments that a block brought.
    pub(super) fn add(&mut self, names: impl IntoIterator<Item = PaymentName>, now: Instant) {
        for name in names {
            *self.counts.entry(name).or_default() += 1;
            self.order.push_back((now, name));
        }
        while self.order.len() > MAX_PAYMENTS {
            self.forget_oldest();
        }
    }

    /// Whether a block brought this payment lately. Each one counts once.
    pub(super) fn take(&mut self, name: PaymentName, now: Instant) -> bool {
        while self.order.front().is_some_and(|(since, _)| now.saturating_duration_since(*since) > LATE) {
            self.forget_oldest();
        }
        let found = self.counts.contains_key(&name);
        if found {
            self.forget(name);
            let at = self.order.iter().position(|(_, other)| *other == name);
            at.and_then(|at| self.order.remove(at));
        }
        found
    }

    fn forget_oldest(&mut self) {
        if let Some((_, name)) = self.order.pop_front() {
            self.forget(name);
        }
    }

    fn forget(&mut self, name: PaymentName) {
        if let Some(count) = self.counts.get_mut(&name) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&name);
            }
        }
    }
}

/// The names of the payments in the last blocks of our chain after a fork, within [`RECENT`] and [`RECENT_BYTES`].
pub(super) fn recent_payments(
    connection: &Connection,
    fork: ForkPoint,
) -> Result<Vec<PaymentName>, StoreError> {
    let from = (fork.shared() + 1).max((blocks::length(connection)? + 1).saturating_sub(RECENT.into()));
    let read = blocks::texts(connection, from, RECENT, RECENT_BYTES)?;
    let mut names = Vec::new();
    for text in &read.texts {
        let text = str::from_utf8(text).map_err(|error| StoreError::damaged_by("a block", error))?;
        names.extend(payment_texts(text).map(PaymentName::of_text));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> PaymentName {
        PaymentName::of_text(text)
    }

    #[test]
    fn each_payment_of_a_block_stands_for_one_relay() {
        let (mut early, now) = (EarlyPayments::default(), Instant::now());
        early.add(["5 to bob", "5 to bob", "6 to bob"].map(name), now);
        assert!(early.take(name("5 to bob"), now) && early.take(name("5 to bob"), now));
        assert!(!early.take(name("5 to bob"), now) && !early.take(name("7 to bob"), now));
        assert!(early.take(name("6 to bob"), now));
        assert!(early.counts.is_empty() && early.order.is_empty());
    }

    #[test]
    fn payments_are_forgotten_after_a_minute_and_beyond_the_limit() {
        let (mut early, now) = (EarlyPayments::default(), Instant::now());
        early.add([name("old")], now);
        early.add([name("new")], now + LATE);
        let later = now + LATE + Duration::from_secs(1);
        assert!(!early.take(name("old"), later) && early.take(name("new"), later));
        early.add((0..MAX_PAYMENTS + 10).map(|number| name(&number.to_string())), later);
        assert_eq!((early.order.len(), early.counts.len()), (MAX_PAYMENTS, MAX_PAYMENTS));
        assert!(!early.take(name("9"), later) && early.take(name("10"), later));
    }
}
