//! The moment a staged chain becomes ours: blocks and pool change together, and no payment is lost or doubled.

use std::collections::HashSet;

use ledger_core::fork::{self, Leftovers};
use ledger_core::{Pool, VerifiedTransaction, canonical};
use rusqlite::Connection;

use super::Refused;
use super::writer::Writer;
use crate::store::{Adoption, Stage, StoreError, add_payment, remove_payments, staging};

/// Where a payment is that a new chain may lack: its number in the pool, or its block and place there.
enum Held {
    InPool(i64),
    InBlock(u64, usize),
}

/// What a reorg does to the pool.
#[derive(Default)]
struct PoolChange {
    gone: Vec<i64>,
    returned: Vec<(i64, VerifiedTransaction)>,
}

impl Writer {
    /// Replaces our chain by a staged one; none if that is not longer than ours by now, or ours is another by now.
    pub(super) fn adopt(&mut self, stage: &Stage) -> Result<Option<Adoption>, Refused> {
        let (ours, pool) = self.look(|view| (view.tip.index, view.pool.clone()));
        if !fork::replaces(stage.tip.index, ours) {
            return Ok(None);
        }
        let adopted = self.store.durably(|connection| {
            if !staging::still_fits(connection, stage)? {
                return Ok(None);
            }
            let change = pool_change(connection, stage, &pool)?;
            remove_payments(connection, &change.gone)?;
            change
                .returned
                .iter()
                .try_for_each(|(number, payment)| add_payment(connection, *number, payment))?;
            Ok(Some((staging::replace_blocks(connection, stage)?, change)))
        })?;
        let Some((adoption, change)) = adopted else { return Ok(None) };
        let mut view = self.view();
        view.tip = stage.tip;
        view.pool.remove(change.gone);
        change.returned.into_iter().for_each(|(number, payment)| view.pool.restore(number, payment));
        Ok(Some(adoption))
    }
}

/// Finds what leaves the pool, since the new chain holds it, and what comes back, since it lacks it.
fn pool_change(connection: &Connection, stage: &Stage, pool: &Pool) -> Result<PoolChange, StoreError> {
    let (mut stays, mut comes_back) = (HashSet::new(), HashSet::new());
    for held in lacking(connection, stage, pool)? {
        match held {
            Held::InPool(number) => drop(stays.insert(number)),
            Held::InBlock(height, position) => drop(comes_back.insert((height, position))),
        }
    }
    let (mut gone, mut room) = (Vec::new(), pool.limit());
    for (number, payment) in pool.entries() {
        if stays.contains(&number) {
            room = room.saturating_sub(canonical::transaction_text(payment.transaction()).len());
        } else {
            gone.push(number);
        }
    }
    let back = read_back(connection, stage, &comes_back, room)?;
    let first = pool.front() + 1 - i64::try_from(back.len()).unwrap_or(0);
    Ok(PoolChange { gone, returned: (first..).zip(back).collect() })
}

/// Where the payments are that the new chain lacks, in order. Takes some hundred bytes for each payment of our replaced
/// blocks, not the payments themselves.
fn lacking(connection: &Connection, stage: &Stage, pool: &Pool) -> Result<Vec<Held>, StoreError> {
    let mut leftovers = Leftovers::new();
    staging::each_replaced(connection, stage, |block| {
        for (position, payment) in block.transactions.iter().enumerate() {
            leftovers.hold(payment, Held::InBlock(block.index, position));
        }
    })?;
    pool.entries().for_each(|(number, payment)| leftovers.hold(payment.transaction(), Held::InPool(number)));
    if !leftovers.is_empty() {
        staging::each_staged(connection, stage, |block| {
            block.transactions.iter().for_each(|payment| leftovers.meet(payment));
        })?;
    }
    Ok(leftovers.into_rest())
}

/// Reads the payments that come back, in order, as far as there is room for them.
fn read_back(
    connection: &Connection,
    stage: &Stage,
    places: &HashSet<(u64, usize)>,
    mut room: usize,
) -> Result<Vec<VerifiedTransaction>, StoreError> {
    let (mut back, mut lost) = (Vec::new(), 0_u64);
    if places.is_empty() {
        return Ok(back);
    }
    staging::each_replaced(connection, stage, |block| {
        for (position, payment) in block.transactions.into_iter().enumerate() {
            let bytes = canonical::transaction_text(&payment).len();
            if !places.contains(&(block.index, position)) {
                continue;
            }
            if bytes > room {
                lost += 1;
                continue;
            }
            room -= bytes;
            back.push(VerifiedTransaction::already_verified(payment, None));
        }
    })?;
    if lost > 0 {
        tracing::warn!(
            "payments of replaced blocks that do not fit the pool and are gone: {lost}; their senders may send them again"
        );
    }
    Ok(back)
}
