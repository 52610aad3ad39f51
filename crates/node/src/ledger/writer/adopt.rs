//! Adopts a staged chain: blocks and pool change in one transaction, and no payment is lost or doubled.

use ledger_core::Tip;
use ledger_core::seam::{AnyState, Refill};

use super::Writer;
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
    /// A reorg replaced the plan's tip, or our blocks after it hold many payments. Make another plan.
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
        let (adoption, change) = match self.replace(stage, plan)? {
            Ok(replaced) => replaced,
            Err(outcome) => return Ok(outcome),
        };
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

    /// Replaces our blocks and changes the pool on disk, in one transaction. Returns why not, if nothing was changed.
    fn replace(
        &mut self,
        stage: &Stage,
        plan: Plan,
    ) -> Result<Result<(Adoption, PoolChange), Outcome>, ChangeError> {
        let relayed = self.read(|view| view.relayed_from(plan.next_number));
        let (rules, view, late) = (&*self.rules, &self.view, &mut self.late);
        let replaced = self.store.durably(|connection| {
            if !staging::still_fits(connection, stage)? {
                return Ok(Err(Outcome::Declined));
            }
            if !staging::is_ours(connection, plan.basis.height.get(), plan.basis.hash)? {
                return Ok(Err(Outcome::Outdated));
            }
            let Some(mut change) = pool_change(connection, rules, view, plan)? else {
                return Ok(Err(Outcome::Outdated));
            };
            let adoption = staging::replace_blocks(connection, stage)?;
            change.confirmed.extend(late.confirm(connection, stage.tip, &relayed)?);
            remove_payments(connection, &change.confirmed)?;
            let returned = &change.refill.returned;
            returned.iter().try_for_each(|(number, payment)| add_payment(connection, *number, payment))?;
            Ok(Ok((adoption, change)))
        });
        if !matches!(replaced, Ok(Ok(_))) {
            self.late.forget_taken();
        }
        Ok(replaced?)
    }
}

fn warn_of_dropped(payments: u64) {
    if payments > 0 {
        tracing::warn!("dropped {payments} orphaned payments: pool full; their senders may send them again");
    }
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
