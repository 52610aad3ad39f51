//! [`LatePayments`], which tells payments that this node holds from new ones.

use std::iter;
use std::sync::Arc;
use std::time::Instant;

use ledger_core::{PaymentNumber, Tip, VerifiedPayment};
use rusqlite::Connection;

use super::heard::HeardBefore;
use super::unverified::Unverified;
use crate::ledger::View;
use crate::store::signatures::{self, Position};
use crate::store::{Store, StoreError};

/// Where this node holds a payment that is relayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ledger::writer) enum Late {
    /// In one of our blocks, without a signature so far.
    InBlock(Position),
    /// It was heard before the start.
    Heard,
}

/// The payments that this node holds and may still hear of. Each stands for one relayed payment: a user who sends the same
/// payment twice is heard twice.
pub(in crate::ledger::writer) struct LatePayments {
    unverified: Unverified,
    heard: HeardBefore,
}

impl LatePayments {
    /// The payments that a node holds at its start.
    pub(in crate::ledger::writer) fn at_start(store: &Store, view: &View) -> Result<Self, StoreError> {
        let heard = store.reading(|snapshot| HeardBefore::read(snapshot, view, Instant::now()))?;
        Ok(Self { unverified: Unverified::default(), heard })
    }

    /// Reads blocks that are new since the last call.
    pub(in crate::ledger::writer) fn refresh(
        &mut self,
        connection: &Connection,
        tip: Tip,
    ) -> Result<(), StoreError> {
        self.unverified.refresh(connection, tip)
    }

    /// Where this node holds a relayed payment, if it does. Each place is given once.
    pub(in crate::ledger::writer) fn take(
        &mut self,
        payment: &VerifiedPayment,
        now: Instant,
    ) -> Option<Late> {
        let name = payment.name();
        let in_block = self.unverified.take(name).map(Late::InBlock);
        in_block.or_else(|| self.heard.take(name, now).then_some(Late::Heard))
    }

    /// Finds the relayed payments that our new blocks hold, and keeps their signatures, in the caller's transaction. Returns
    /// their numbers.
    pub(in crate::ledger::writer) fn confirm(
        &mut self,
        connection: &Connection,
        tip: Tip,
        relayed: &[(PaymentNumber, Arc<VerifiedPayment>)],
    ) -> Result<Vec<PaymentNumber>, StoreError> {
        let mut confirmed = Vec::new();
        if !relayed.is_empty() {
            self.unverified.refresh(connection, tip)?;
        }
        for (number, payment) in relayed {
            if let Some(position) = self.unverified.take(payment.name()) {
                keep_signature(connection, position, payment)?;
                confirmed.push(*number);
            }
        }
        Ok(confirmed)
    }

    /// Forgets which positions were taken: their signatures were not written.
    pub(in crate::ledger::writer) fn forget_taken(&mut self) {
        self.unverified = Unverified::default();
    }
}

/// Keeps the signature of a payment that a block brought, in the caller's transaction: after a reorg, the payment returns.
pub(in crate::ledger::writer) fn keep_signature(
    connection: &Connection,
    (height, position): Position,
    payment: &VerifiedPayment,
) -> Result<(), StoreError> {
    signatures::add(connection, height, iter::once((position, payment.signature())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{extend, ledger, next, pay};

    #[test]
    fn position_is_given_again_if_its_signature_was_not_written() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        extend(&ledger, &next(&ledger, vec![pay("bob").text().parse().unwrap()]));
        let heard = ledger.view(|view| {
            ledger.readers().snapshot(|snapshot| HeardBefore::read(snapshot, view, Instant::now()))
        });
        let mut late = LatePayments { unverified: Unverified::default(), heard: heard.unwrap() };
        let take = |late: &mut LatePayments| {
            ledger.readers().snapshot(|snapshot| late.refresh(snapshot, ledger.tip())).unwrap();
            late.take(&pay("bob"), Instant::now())
        };
        assert_eq!(take(&mut late), Some(Late::InBlock((2, 0))));
        assert_eq!(take(&mut late), None);
        late.forget_taken();
        assert_eq!(take(&mut late), Some(Late::InBlock((2, 0))));
    }
}
