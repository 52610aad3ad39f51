//! The part of the ledger in memory: never the chain, only its tip.

use std::collections::{BTreeSet, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;

use ledger_core::seam::AnyState;
use ledger_core::{NodeAddress, PaymentNumber, Pool, Tip, VerifiedPayment};

use crate::store::LedgerState;

/// Ranges of payments of users that are remembered. A listener may lag by 256 events.
const MAX_RANGES: usize = 4096;

/// The part of the ledger in memory. It shows only changes that are on disk.
#[derive(Debug)]
pub struct View {
    /// The number of the last event. It increases with every change, so cached responses can tell whether they are current.
    pub version: u64,
    /// The last block.
    pub tip: Tip,
    /// What the next block is checked against.
    pub state: AnyState,
    /// The payments that wait for a block.
    pub pool: Pool,
    /// The peers.
    pub peers: BTreeSet<NodeAddress>,
    /// The numbers of payments that users sent lately, oldest first: the pool does not tell them from relayed ones.
    pub(super) sent_by_users: VecDeque<RangeInclusive<PaymentNumber>>,
}

impl View {
    /// The payments after a number that users of this node sent and that still wait.
    pub fn sent_by_users_after(&self, last: PaymentNumber) -> Vec<Arc<VerifiedPayment>> {
        let numbers = self.sent_by_users.iter().flat_map(Clone::clone).filter(|number| *number > last);
        numbers.filter_map(|number| self.pool.get(number).cloned()).collect()
    }

    /// Notes that users sent the payments with these numbers, the highest so far.
    pub(super) fn note_sent_by_users(&mut self, numbers: RangeInclusive<PaymentNumber>) {
        match self.sent_by_users.back_mut() {
            Some(last) if *last.end() + 1 == *numbers.start() => *last = *last.start()..=*numbers.end(),
            _ => self.sent_by_users.push_back(numbers),
        }
        if self.sent_by_users.len() > MAX_RANGES {
            self.sent_by_users.pop_front();
        }
    }

    /// The state that the store must hold, too.
    pub(super) fn kept(&self) -> LedgerState {
        LedgerState {
            tip: self.tip.hash.to_string(),
            pool: (self.pool.len(), self.pool.entries().last().map(|(number, _)| number)),
            peers: self.peers.iter().map(|peer| peer.as_str().to_owned()).collect(),
        }
    }
}
