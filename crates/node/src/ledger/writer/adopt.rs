//! Adopts a staged chain: blocks and pool change in one transaction, and no payment is lost or doubled.

use std::collections::HashMap;
use std::time::Instant;

use ledger_core::seam::{AnyState, Refill};
use ledger_core::{PaymentName, PaymentNumber, Pool, Tip};

use super::Writer;
use super::early::recent_payments;
use crate::events::{Change, Origin};
use crate::ledger::ChangeError;
use crate::ledger::reorg::{Plan, PoolChange, pool_change};
use crate::store::{Adoption, Stage, add_payment, remove_payments, staging};

/// The result of an adoption.
pub(in crate::ledger) enum Outcome {
    /// The staged chain is ours.
    Adopted(Adoption),
    /// It no longer wins over ours, or no longer builds on ours.
    Declined,
    /// Our chain has changed since the plan, or took many payments since. Make another plan.
    Outdated,
}

impl Writer {
    /// Replaces our chain with a staged one. `state` is what the block after it is checked against.
    pub(in crate::ledger) fn adopt(
        &mut self,
        stage: &Stage,
        plan: Plan,
        state: AnyState,
    ) -> Result<Outcome, ChangeError> {
        let tip = self.read(|view| view.tip);
        if !self.rules.wins(&stage.tip, &tip) {
            return Ok(Outcome::Declined);
        }
        let (rules, view) = (&*self.rules, &self.view);
        let adopted = self.store.durably(|connection| {
            if !staging::still_fits(connection, stage)? {
                return Ok(Err(Outcome::Declined));
            }
            if !staging::is_ours(connection, plan.basis.height.get(), plan.basis.hash)? {
                return Ok(Err(Outcome::Outdated));
            }
            let Some(change) = pool_change(connection, rules, view, plan)? else {
                return Ok(Err(Outcome::Outdated));
            };
            remove_payments(connection, &change.confirmed)?;
            let returned = &change.refill.returned;
            returned.iter().try_for_each(|(number, payment)| add_payment(connection, *number, payment))?;
            let before = recent_payments(connection, stage.fork)?;
            let adoption = staging::replace_blocks(connection, stage)?;
            Ok(Ok((adoption, change, before, recent_payments(connection, stage.fork)?)))
        })?;
        let (adoption, change, before, now) = match adopted {
            Ok(adopted) => adopted,
            Err(outcome) => return Ok(outcome),
        };
        let ours = self.read(|view| names(&view.pool, &change.confirmed)).into_iter().chain(before);
        self.early.add(surplus(now, ours), Instant::now());
        let PoolChange { confirmed, refill: Refill { returned, dropped } } = change;
        let event = event(tip, stage, adoption, (returned.len(), dropped));
        self.publish(event, |view| {
            (view.tip, view.state) = (stage.tip, state);
            view.pool.remove(confirmed);
            returned.into_iter().for_each(|(number, payment)| view.pool.restore(number, payment));
        });
        warn_of_dropped(dropped);
        Ok(Outcome::Adopted(adoption))
    }
}

fn warn_of_dropped(payments: u64) {
    if payments > 0 {
        tracing::warn!("dropped {payments} orphaned payments: pool full; their senders may send them again");
    }
}

fn names(pool: &Pool, numbers: &[PaymentNumber]) -> Vec<PaymentName> {
    numbers.iter().filter_map(|number| Some(pool.get(*number)?.name())).collect()
}

/// The names in the new blocks that are not ours. Of equal ones, as many as there are more of.
fn surplus(new: Vec<PaymentName>, ours: impl Iterator<Item = PaymentName>) -> Vec<PaymentName> {
    let mut counts: HashMap<PaymentName, u32> = HashMap::new();
    ours.for_each(|name| *counts.entry(name).or_default() += 1);
    let is_surplus = |name: &PaymentName| match counts.get_mut(name) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    new.into_iter().filter(is_surplus).collect()
}

/// The event of an adoption.
fn event(from: Tip, stage: &Stage, adoption: Adoption, (returned, dropped): (usize, u64)) -> Change {
    let Stage { fork, tip: to, payments, bytes, .. } = *stage;
    let Adoption { replaced, adopted: count } = adoption;
    if replaced == 0 {
        return Change::BlocksConnected {
            before: from,
            tip: to,
            count,
            payments,
            bytes,
            origin: Origin::Fetched,
        };
    }
    Change::Reorganised { fork, from, to, disconnected: replaced, connected: count, returned, dropped }
}

#[cfg(test)]
mod tests;
