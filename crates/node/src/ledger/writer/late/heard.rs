//! [`HeardBefore`]: payments that a node heard before its start. A restarted node no longer knows which messages it heard,
//! and peers may send it the last ones again.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ledger_core::PaymentName;
use rusqlite::Connection;

use crate::ledger::View;
use crate::store::{StoreError, blocks, signatures};

/// How long after the start peers may relay them again.
const TIME: Duration = Duration::from_secs(60);

/// Our newest blocks whose payments count.
const BLOCKS: u64 = 64;

/// The most payments read from blocks.
const MAX_PAYMENTS: usize = 65_536;

/// Payments heard before the start. Equal ones are counted.
pub(super) struct HeardBefore {
    counts: HashMap<PaymentName, u32>,
    until: Instant,
}

impl HeardBefore {
    /// The payments of the pool, and those of our newest blocks that have a signature: they came through the pool.
    pub(super) fn read(snapshot: &Connection, view: &View, now: Instant) -> Result<Self, StoreError> {
        let mut heard = Self { counts: HashMap::new(), until: now + TIME };
        view.pool.entries().for_each(|(_, payment)| heard.add(payment.name()));
        heard.add_newest(snapshot, MAX_PAYMENTS)?;
        Ok(heard)
    }

    fn add(&mut self, name: PaymentName) {
        *self.counts.entry(name).or_default() += 1;
    }

    /// Adds the signed payments of our newest blocks, the newest block first.
    fn add_newest(&mut self, snapshot: &Connection, mut most: usize) -> Result<(), StoreError> {
        let newest = blocks::length(snapshot)?;
        for height in (newest.saturating_sub(BLOCKS) + 1..=newest).rev() {
            signatures::of_block(snapshot, height, |_, text, _| {
                if most > 0 {
                    self.add(PaymentName::of_text(text));
                    most -= 1;
                }
            })?;
        }
        Ok(())
    }

    /// Whether a relayed payment was heard before the start. Each one heard counts once.
    pub(super) fn take(&mut self, name: PaymentName, now: Instant) -> bool {
        if now > self.until {
            self.counts = HashMap::new();
        }
        let Some(count) = self.counts.get_mut(&name).filter(|count| **count > 0) else { return false };
        *count -= 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{accept, ledger, rewards, seal, stage};

    /// The number of payments in our newest blocks, at most `most`.
    fn newest(ledger: &Ledger, most: usize) -> u32 {
        let mut heard = HeardBefore { counts: HashMap::new(), until: Instant::now() };
        ledger.readers().snapshot(|snapshot| heard.add_newest(snapshot, most)).unwrap();
        heard.counts.values().sum()
    }

    #[test]
    fn payments_read_from_the_newest_blocks_are_bounded() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        ["ann", "bob", "bob"].iter().for_each(|recipient| drop(accept(&ledger, recipient)));
        seal(&ledger);
        assert_eq!([0, 1, 2, 9].map(|most| newest(&ledger, most)), [0, 1, 2, 3]);
        let append = |blocks| stage(&ledger, ledger.tip(), rewards("them", blocks)).adopt().unwrap().unwrap();
        append(usize::try_from(BLOCKS).unwrap() - 1);
        assert_eq!(newest(&ledger, 9), 3);
        append(1);
        assert_eq!(newest(&ledger, 9), 0);
    }

    #[test]
    fn each_payment_is_taken_once_and_none_after_a_minute() {
        let (now, name) = (Instant::now(), PaymentName::of_text);
        let counts = HashMap::from([(name("5 to bob"), 2), (name("6 to bob"), 1)]);
        let mut heard = HeardBefore { counts, until: now + TIME };
        assert_eq!([0; 3].map(|_| heard.take(name("5 to bob"), now)), [true, true, false]);
        assert!(!heard.take(name("7 to bob"), now));
        assert!(!heard.take(name("6 to bob"), now + 2 * TIME));
        assert!(heard.counts.is_empty());
    }
}
