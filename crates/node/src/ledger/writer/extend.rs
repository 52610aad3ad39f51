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
struct Held {
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
                let held = (0..).zip(taken).filter_map(|(position, number)| {
                    let payment = Arc::clone(view.pool.get(number)?);
                    Some(Held { position, number, payment })
                });
                Ok((next, held.collect()))
            })
        });
        let Some(made) = made else { return Ok(None) };
        let (next, held) = made.map_err(ChangeError::OwnBlock)?;
        self.connect(next, held, Origin::Mined).map(Some)
    }

    /// Appends a pushed block that was checked against our tip.
    pub(in crate::ledger) fn extend(
        &mut self,
        next: Successor,
        origin: Origin,
    ) -> Result<Extended, ChangeError> {
        let tip = next.block().tip();
        let held = self.read(|view| {
            let follows = next.block().parent() == Some(view.tip.hash);
            follows.then(|| held(next.block().text(), &view.pool))
        });
        let Some(held) = held else { return Ok(Extended::NotOnOurTip) };
        self.connect(next, held, origin)?;
        Ok(Extended::Connected(tip))
    }

    /// Appends a block, keeps the signatures of its payments that wait in the pool, and publishes the change.
    fn connect(
        &mut self,
        next: Successor,
        held: Vec<Held>,
        origin: Origin,
    ) -> Result<Arc<CheckedBlock<'static>>, ChangeError> {
        let (block, state) = next.into_parts();
        let (tip, out) = (block.tip(), self.read(|view| Out::of(&held, &view.pool)));
        self.store.append_and(&block, |connection| {
            let kept = held.iter().map(|held| (held.position, held.payment.signature()));
            signatures::add(connection, tip.height.get(), kept)?;
            out.remove(connection, &held)
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
            view.pool.remove(held.into_iter().map(|held| held.number));
        });
        Ok(Arc::new(block))
    }
}

/// The pool's payments that a block holds. Of equal payments, as many as occur in both.
fn held(block: &str, pool: &Pool) -> Vec<Held> {
    let mut waiting: HashMap<PaymentName, Vec<(PaymentNumber, &Arc<VerifiedPayment>)>> = HashMap::new();
    let newest_first = pool.entries().collect::<Vec<_>>().into_iter().rev();
    newest_first.for_each(|entry| waiting.entry(entry.1.name()).or_default().push(entry));
    let found = (0..).zip(payment_texts(block)).filter_map(|(position, text)| {
        let (number, payment) = waiting.get_mut(&PaymentName::of_text(text))?.pop()?;
        Some(Held { position, number, payment: Arc::clone(payment) })
    });
    found.collect()
}

/// How to delete a block's payments from the pool's table. Usually they are the first ones, and one statement does it.
enum Out {
    All,
    UpTo(PaymentNumber),
    Each,
}

impl Out {
    fn of(held: &[Held], pool: &Pool) -> Self {
        let first = pool.entries().map(|(number, _)| number).take(held.len());
        match held.last() {
            _ if !first.eq(held.iter().map(|held| held.number)) => Self::Each,
            Some(last) if held.len() < pool.len() => Self::UpTo(last.number),
            // Delete nothing from a pool that is not empty.
            None if !pool.is_empty() => Self::Each,
            _ => Self::All,
        }
    }

    fn remove(&self, connection: &Connection, held: &[Held]) -> Result<(), StoreError> {
        match self {
            Self::All => remove_payments_up_to(connection, None),
            Self::UpTo(last) => remove_payments_up_to(connection, Some(*last)),
            Self::Each => {
                remove_payments(connection, &held.iter().map(|held| held.number).collect::<Vec<_>>())
            }
        }
    }
}

#[cfg(test)]
mod tests;
