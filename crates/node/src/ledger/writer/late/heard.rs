//! [`HeardBefore`]: payments that a node heard before its start. It has forgotten which messages it heard, and peers may
//! send it the last of them once more.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ledger_core::PaymentName;
use rusqlite::Connection;

use crate::ledger::View;
use crate::store::{StoreError, blocks, signatures};

/// How long after the start peers may relay them.
const TIME: Duration = Duration::from_secs(60);

/// Our newest blocks whose payments count.
const BLOCKS: u64 = 64;

/// The most payments of blocks.
const MAX_PAYMENTS: usize = 65_536;

/// Payments heard before the start. Equal ones are counted.
pub(super) struct HeardBefore {
    counts: HashMap<PaymentName, u32>,
    until: Instant,
}

impl HeardBefore {
    /// The payments of the pool, and those of our newest blocks that have a signature: they came through the pool.
    pub(super) fn read(snapshot: &Connection, view: &View, now: Instant) -> Result<Self, StoreError> {
        let mut counts = HashMap::new();
        let mut add = |name| *counts.entry(name).or_default() += 1;
        view.pool.entries().for_each(|(_, payment)| add(payment.name()));
        let (newest, mut left) = (blocks::length(snapshot)?, MAX_PAYMENTS);
        for height in (newest.saturating_sub(BLOCKS) + 1..=newest).rev() {
            signatures::of_block(snapshot, height, |_, text, _| {
                if left > 0 {
                    add(PaymentName::of_text(text));
                    left -= 1;
                }
            })?;
        }
        Ok(Self { counts, until: now + TIME })
    }

    /// Whether a relayed payment was heard before the start.
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
