//! Appends a block to our tip: our own or a pushed one.

use std::collections::HashMap;
use std::sync::Arc;

use ledger_core::seam::{AnyDraft, CheckedBlock, Successor, payment_texts};
use ledger_core::{PaymentName, PaymentNumber, Pool, Timestamp, Tip, VerifiedPayment};
use rusqlite::Connection;

use super::Writer;
use crate::events::{Change, Origin};
use crate::ledger::ChangeError;
use crate::store::{StoreError, remove_payments, remove_payments_up_to, signatures};

/// The result of appending a pushed block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extended {
    /// It is our new tip.
    Connected(Tip),
    /// It does not follow our tip, which may have moved.
    NotOnOurTip,
}

/// A payment of our pool that a block holds.
struct Confirmed {
    /// Its position in the block, from 0.
    position: u64,
    number: PaymentNumber,
    payment: Arc<VerifiedPayment>,
}

impl Writer {
    /// Completes a draft with its proof and appends the block. Returns `None` if the tip has moved since.
    pub(in crate::ledger) fn seal(
        &mut self,
        draft: &AnyDraft,
        proof: u64,
        now: Timestamp,
    ) -> Result<Option<Arc<CheckedBlock<'static>>>, ChangeError> {
        let made = self.read(|view| {
            (view.tip == draft.parent()).then(|| {
                let (next, taken) = self.rules.complete(&view.state, draft, proof, &view.pool, now)?;
                let confirmed = (0..).zip(taken).filter_map(|(position, number)| {
                    let payment = Arc::clone(view.pool.get(number)?);
                    Some(Confirmed { position, number, payment })
                });
                Ok((next, confirmed.collect()))
            })
        });
        let Some(made) = made else { return Ok(None) };
        let (next, confirmed) = made.map_err(ChangeError::OwnBlock)?;
        self.connect(next, confirmed, Origin::Mined).map(Some)
    }

    /// Appends a pushed block that was checked against our tip.
    pub(in crate::ledger) fn extend(
        &mut self,
        next: Successor,
        origin: Origin,
    ) -> Result<Extended, ChangeError> {
        let tip = next.block().tip();
        let confirmed = self.read(|view| {
            let follows = next.block().parent() == Some(view.tip.hash);
            follows.then(|| confirmed(next.block().text(), &view.pool))
        });
        let Some(confirmed) = confirmed else { return Ok(Extended::NotOnOurTip) };
        self.connect(next, confirmed, origin)?;
        Ok(Extended::Connected(tip))
    }

    /// Appends a block, keeps the signatures of its payments that wait in the pool, and publishes the change.
    fn connect(
        &mut self,
        next: Successor,
        confirmed: Vec<Confirmed>,
        origin: Origin,
    ) -> Result<Arc<CheckedBlock<'static>>, ChangeError> {
        let (block, state) = next.into_parts();
        let (tip, deletion) = (block.tip(), self.read(|view| Deletion::of(&confirmed, &view.pool)));
        self.store.append_and(&block, |connection| {
            let kept = confirmed.iter().map(|entry| (entry.position, entry.payment.signature()));
            signatures::add(connection, tip.height.get(), kept)?;
            deletion.run(connection, &confirmed)
        })?;
        let change = Change::BlocksConnected {
            before: self.read(|view| view.tip),
            tip,
            count: 1,
            payments: block.movements().len() as u64,
            bytes: block.text().len() as u64,
            origin,
        };
        self.publish(change, |view| {
            (view.tip, view.state) = (tip, state);
            view.pool.remove(confirmed.into_iter().map(|entry| entry.number));
        });
        Ok(Arc::new(block))
    }
}

/// The pool's payments that a block holds. Of equal payments, as many as occur in both.
fn confirmed(block: &str, pool: &Pool) -> Vec<Confirmed> {
    let mut waiting: HashMap<PaymentName, Vec<(PaymentNumber, &Arc<VerifiedPayment>)>> = HashMap::new();
    let newest_first = pool.entries().collect::<Vec<_>>().into_iter().rev();
    newest_first.for_each(|entry| waiting.entry(entry.1.name()).or_default().push(entry));
    let found = (0..).zip(payment_texts(block)).filter_map(|(position, text)| {
        let (number, payment) = waiting.get_mut(&PaymentName::of_text(text))?.pop()?;
        Some(Confirmed { position, number, payment: Arc::clone(payment) })
    });
    found.collect()
}

/// How to delete a block's payments from the pool's table. Usually they are the first ones, and one statement does it.
enum Deletion {
    All,
    UpTo(PaymentNumber),
    Each,
}

impl Deletion {
    fn of(confirmed: &[Confirmed], pool: &Pool) -> Self {
        let first = pool.entries().map(|(number, _)| number).take(confirmed.len());
        match confirmed.last() {
            _ if !first.eq(confirmed.iter().map(|entry| entry.number)) => Self::Each,
            Some(last) if confirmed.len() < pool.len() => Self::UpTo(last.number),
            // The block holds none of the pool's payments: delete none, not all.
            None if !pool.is_empty() => Self::Each,
            _ => Self::All,
        }
    }

    fn run(&self, connection: &Connection, confirmed: &[Confirmed]) -> Result<(), StoreError> {
        match self {
            Self::All => remove_payments_up_to(connection, None),
            Self::UpTo(last) => remove_payments_up_to(connection, Some(*last)),
            Self::Each => {
                remove_payments(connection, &confirmed.iter().map(|entry| entry.number).collect::<Vec<_>>())
            }
        }
    }
}

#[cfg(test)]
mod tests;
