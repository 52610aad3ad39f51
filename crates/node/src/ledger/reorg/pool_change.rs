//! Works out the change of the pool when the writer adopts a chain.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, PoisonError, RwLock};

use ledger_core::fork::Orphans;
use ledger_core::seam::{Refill, RuleSet, refill};
use ledger_core::{PaymentNumber, Pool, VerifiedPayment};
use rusqlite::Connection;

use super::plan::log_excluded;
use super::{Plan, verify_payment};
use crate::ledger::View;
use crate::store::StoreError;
use crate::store::signatures::{Position, first_block, of_block};

/// The most payments sealed since the plan that the writer verifies again, at about 27 µs each. More would hold up the
/// writer: a new plan then verifies them on all cores, on another thread.
const MAX_SEALED: usize = 64;

/// What a reorg does to the pool.
pub(in crate::ledger) struct PoolChange {
    /// The pool's payments that the new chain holds.
    pub(in crate::ledger) confirmed: Vec<PaymentNumber>,
    /// The payments that return from our blocks, and how many do not fit.
    pub(in crate::ledger) refill: Refill,
}

/// Brings a plan up to date: since it was made, payments may have entered the pool, and our new blocks may hold some. Returns
/// `None` if the blocks hold more than [`MAX_SEALED`].
pub(in crate::ledger) fn pool_change(
    connection: &Connection,
    rules: &dyn RuleSet,
    view: &RwLock<View>,
    plan: Plan,
) -> Result<Option<PoolChange>, StoreError> {
    let read = || view.read().unwrap_or_else(PoisonError::into_inner);
    let last = read().tip.height.get();
    let (confirmed, taken) = split(&read().pool, plan.confirmed);
    let since = plan.basis.height.next().get()..=last;
    let Some(sealed) = sealed(connection, rules, since, taken)? else { return Ok(None) };
    let mut refill = refill(&read().pool, &confirmed, plan.orphans.into_iter().chain(sealed));
    refill.dropped += plan.dropped;
    Ok(Some(PoolChange { confirmed, refill }))
}

/// Splits payments of a plan into those that still wait, by number, and those that our blocks hold since.
fn split(
    pool: &Pool,
    confirmed: BTreeMap<PaymentNumber, Arc<VerifiedPayment>>,
) -> (Vec<PaymentNumber>, Vec<Arc<VerifiedPayment>>) {
    let (waiting, taken): (Vec<_>, Vec<_>) =
        confirmed.into_iter().partition(|(number, _)| pool.get(*number).is_some());
    let numbers = waiting.into_iter().map(|(number, _)| number).collect();
    (numbers, taken.into_iter().map(|(_, payment)| payment).collect())
}

/// The payments of our blocks since the plan, verified again, without those that the new chain holds. Returns `None` if
/// they are more than [`MAX_SEALED`].
fn sealed(
    connection: &Connection,
    rules: &dyn RuleSet,
    heights: RangeInclusive<u64>,
    confirmed: Vec<Arc<VerifiedPayment>>,
) -> Result<Option<Vec<VerifiedPayment>>, StoreError> {
    let mut held = Orphans::new();
    confirmed.iter().for_each(|payment| held.add_named(payment.name(), ()));
    let (mut sealed, mut next, last) = (Vec::new(), *heights.start(), *heights.end());
    while let Some(height) = first_block(connection, next..=last)? {
        of_block(connection, height, |position, text, signature| {
            if sealed.len() <= MAX_SEALED && held.confirm(text).is_none() {
                sealed.push(((height, position), text.to_owned(), signature.to_owned()));
            }
        })?;
        if sealed.len() > MAX_SEALED {
            return Ok(None);
        }
        next = height + 1;
    }
    let verified = sealed
        .iter()
        .filter_map(|(position, text, signature)| verify_again(rules, *position, text, signature));
    Ok(Some(verified.collect()))
}

/// Verifies a payment of one of our blocks again: its row may have been changed since it was written.
fn verify_again(
    rules: &dyn RuleSet,
    position: Position,
    text: &str,
    signature: &str,
) -> Option<VerifiedPayment> {
    let payment =
        rules.stored_payment(text, signature).map_err(|error| log_excluded(position, error)).ok()?;
    verify_payment(payment).map_err(|error| log_excluded(position, error)).ok()
}
