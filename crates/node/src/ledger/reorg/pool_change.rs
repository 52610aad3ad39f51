//! What an adoption changes in the pool, at the moment it happens.

use std::ops::RangeInclusive;
use std::sync::Arc;

use ledger_core::fork::Orphans;
use ledger_core::seam::RuleSet;
use ledger_core::{Pool, VerifiedPayment};
use rusqlite::Connection;

use super::plan::not_ours;
use super::{Plan, verify_payment};
use crate::store::StoreError;
use crate::store::signatures::{Place, first_block, of_block};

/// How many payments that were sealed since the plan the writer verifies again, at about 27 µs each. If there are more,
/// everyone else would wait for them, and a new plan verifies them on all cores, away from the writer.
const MAX_SEALED: usize = 64;

/// What a reorg does to the pool.
pub(in crate::ledger) struct PoolChange {
    pub(in crate::ledger) gone: Vec<i64>,
    pub(in crate::ledger) returned: Vec<(i64, VerifiedPayment)>,
    pub(in crate::ledger) dropped: u64,
}

/// Brings a plan up to date: payments may have come into the pool since, and blocks of ours may have taken some. There is
/// none if they took more than [`MAX_SEALED`].
pub(in crate::ledger) fn pool_change(
    connection: &Connection,
    mut plan: Plan,
    last: u64,
    pool: &Pool,
    rules: &dyn RuleSet,
) -> Result<Option<PoolChange>, StoreError> {
    let (mut gone, mut taken) = (Vec::new(), 0);
    for (number, payment) in pool.entries() {
        if plan.confirmed.remove(&number).is_some() {
            gone.push(number);
        } else {
            taken += payment.text().len();
        }
    }
    let room = pool.limit().saturating_sub(taken);
    let mut back = Returned { payments: Vec::new(), room, dropped: plan.dropped };
    plan.orphans.into_iter().for_each(|payment| back.add(payment));
    let since = plan.basis.height.next().get()..=last;
    let Some(sealed) = sealed(connection, rules, since, plan.confirmed.into_values())? else {
        return Ok(None);
    };
    sealed.into_iter().for_each(|payment| back.add(payment));
    let first = pool.front() + 1 - i64::try_from(back.payments.len()).unwrap_or(0);
    let returned = (first..).zip(back.payments).collect();
    Ok(Some(PoolChange { gone, returned, dropped: back.dropped }))
}

/// Payments that come back, as far as the pool has room.
struct Returned {
    payments: Vec<VerifiedPayment>,
    room: usize,
    dropped: u64,
}

impl Returned {
    fn add(&mut self, payment: VerifiedPayment) {
        match self.room.checked_sub(payment.text().len()) {
            Some(left) => {
                self.room = left;
                self.payments.push(payment);
            }
            None => self.dropped += 1,
        }
    }
}

/// The payments of blocks that we made since the plan, verified again, without those that the new chain holds; none if
/// there are too many.
fn sealed(
    connection: &Connection,
    rules: &dyn RuleSet,
    heights: RangeInclusive<u64>,
    confirmed: impl Iterator<Item = Arc<VerifiedPayment>>,
) -> Result<Option<Vec<VerifiedPayment>>, StoreError> {
    let mut held = Orphans::new();
    confirmed.for_each(|payment| held.add_named(payment.name(), ()));
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
    Ok(Some(
        sealed
            .into_iter()
            .filter_map(|(place, text, signature)| again(rules, place, &text, &signature))
            .collect(),
    ))
}

/// Verifies a payment of one of our blocks again: its row may have been changed since it was written.
fn again(rules: &dyn RuleSet, place: Place, text: &str, signature: &str) -> Option<VerifiedPayment> {
    let payment = rules.stored_payment(text, signature).map_err(|error| not_ours(place, error)).ok()?;
    verify_payment(payment).map_err(|error| not_ours(place, error)).ok()
}
