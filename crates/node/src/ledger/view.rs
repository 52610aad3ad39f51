//! The part of the ledger in memory: never the chain, only its tip.

use std::collections::{BTreeSet, VecDeque};
use std::ops::RangeInclusive;
use std::sync::Arc;

use ledger_core::seam::AnyState;
use ledger_core::{NodeAddress, PaymentNumber, Pool, Tip, VerifiedPayment};

use crate::store::LedgerState;

/// The most ranges of users' payments that are remembered. A listener that is 256 events behind loses some.
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
    /// The numbers of payments that users sent lately, oldest first. The pool does not tell them from relayed ones.
    pub(super) sent_by_users: VecDeque<RangeInclusive<PaymentNumber>>,
}

impl View {
    /// The waiting payments after a number that users of this node sent.
    pub fn sent_by_users_after(&self, last: PaymentNumber) -> Vec<Arc<VerifiedPayment>> {
        let numbers = self.sent_by_users.iter().flat_map(Clone::clone).filter(|number| *number > last);
        numbers.filter_map(|number| self.pool.get(number).cloned()).collect()
    }

    /// The waiting payments from a number on that peers relayed, with their numbers.
    pub(super) fn relayed_from(&self, first: PaymentNumber) -> Vec<(PaymentNumber, Arc<VerifiedPayment>)> {
        let is_users = |number| self.sent_by_users.iter().any(|numbers| numbers.contains(&number));
        let entries = self.pool.entries().filter(|(number, _)| *number >= first && !is_users(*number));
        entries.map(|(number, payment)| (number, Arc::clone(payment))).collect()
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

    /// What the store must hold, too: it compares the two after another program's commit.
    pub(super) fn kept(&self) -> LedgerState {
        LedgerState {
            tip: self.tip.hash.to_string(),
            pool: (self.pool.len(), self.pool.entries().last().map(|(number, _)| number)),
            peers: self.peers.iter().map(|peer| peer.as_str().to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Source;
    use crate::ledger::testing::{ledger, submit};

    #[test]
    fn users_payments_in_a_row_are_one_range() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        for source in [Source::User, Source::User, Source::Relay, Source::User] {
            submit(&ledger, &[("bob", source)]).remove(0).unwrap();
        }
        let ranges: Vec<_> = ledger.view(|view| view.sent_by_users.iter().cloned().collect());
        assert_eq!(ranges, [0..=1, 3..=3]);
        let after = |last| ledger.view(|view| view.sent_by_users_after(last).len());
        assert_eq!([-1, 0, 1, 2, 3].map(after), [3, 2, 1, 1, 0]);
    }

    #[test]
    fn relayed_payments_are_those_that_no_user_sent() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        for source in [Source::Relay, Source::User, Source::Relay, Source::User, Source::Relay] {
            submit(&ledger, &[("bob", source)]).remove(0).unwrap();
        }
        let numbers = |first| {
            ledger.view(|view| view.relayed_from(first).iter().map(|(number, _)| *number).collect::<Vec<_>>())
        };
        assert_eq!([0, 1, 3, 5].map(numbers), [vec![0, 2, 4], vec![2, 4], vec![4], vec![]]);
    }

    #[test]
    fn oldest_ranges_are_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let mut view = ledger.0.view.write().unwrap();
        for number in 0..MAX_RANGES as PaymentNumber + 2 {
            view.note_sent_by_users(2 * number..=2 * number);
        }
        let kept = (view.sent_by_users.len(), view.sent_by_users.front());
        assert_eq!(kept, (MAX_RANGES, Some(&(4..=4))));
    }
}
