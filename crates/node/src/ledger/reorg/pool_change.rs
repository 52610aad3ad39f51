//! What an adoption changes in the pool, at the moment it happens.

use std::convert::Infallible;
use std::ops::RangeInclusive;
use std::sync::Arc;

use ledger_core::fork::Orphans;
use ledger_core::{Pool, SignedPayment, VerifiedPayment};
use rusqlite::Connection;

use super::Plan;
use crate::store::signatures::{first_block, of_block};
use crate::store::{StoreError, parse_payment};

/// What a reorg does to the pool.
pub(in crate::ledger) struct PoolChange {
    pub(in crate::ledger) gone: Vec<i64>,
    pub(in crate::ledger) returned: Vec<(i64, VerifiedPayment)>,
    pub(in crate::ledger) dropped: u64,
}

/// Brings a plan up to date: payments may have come into the pool since, and blocks of ours may have taken some.
pub(in crate::ledger) fn pool_change(
    connection: &Connection,
    mut plan: Plan,
    last: u64,
    pool: &Pool,
) -> Result<PoolChange, StoreError> {
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
    return_sealed(
        connection,
        plan.basis.height.next().get()..=last,
        plan.confirmed.into_values(),
        &mut back,
    )?;
    let first = pool.front() + 1 - i64::try_from(back.payments.len()).unwrap_or(0);
    Ok(PoolChange { gone, returned: (first..).zip(back.payments).collect(), dropped: back.dropped })
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

/// Returns the payments of blocks that we made since the plan, without those that the new chain holds.
fn return_sealed(
    connection: &Connection,
    heights: RangeInclusive<u64>,
    confirmed: impl Iterator<Item = Arc<VerifiedPayment>>,
    back: &mut Returned,
) -> Result<(), StoreError> {
    let mut held = Orphans::new();
    confirmed.for_each(|payment| held.add_named(payment.name(), ()));
    let (mut next, last) = heights.into_inner();
    while let Some(height) = first_block(connection, next..=last)? {
        of_block(connection, height, |_, text, signature| {
            if held.confirm(text).is_none()
                && let Ok(payment) = parse_payment(text, signature.to_owned())
            {
                back.add(still_verified(payment));
            }
        })?;
        next = height + 1;
    }
    Ok(())
}

/// A payment that this process verified and sealed a moment ago. The writer has no time to do it again.
fn still_verified(payment: SignedPayment) -> VerifiedPayment {
    let Ok(verified) = payment.verify_with(|_, _| Ok::<(), Infallible>(()));
    verified
}
