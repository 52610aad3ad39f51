//! Works out what happens to our payments before the writer adopts a staged chain, on the caller's thread.
//!
//! Candidates are the payments whose signature this node verified: those in the pool, and those in our blocks with a kept
//! signature. Other payments in our blocks came from other nodes, which return them themselves.
//!
//! Memory is bounded: candidates are compared with the new chain [`SHARE`] at a time, and at most a full pool returns.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::ControlFlow;
use std::sync::Arc;

use ledger_core::fork::Orphans;
use ledger_core::seam::payment_texts;
use ledger_core::{PaymentNumber, SignedPayment, Tip, VerifiedPayment};

use super::verify;
use crate::ledger::{ChangeError, Ledger};
use crate::store::signatures::{Position, first_block, of_block, staged_positions};
use crate::store::{Confirmed, SignatureSource, Stage, StoreError, staging};

/// Candidates from our blocks in a share, or more: blocks are read whole. The new chain is read once per share. A candidate
/// takes 100 to 200 bytes of memory.
const SHARE: usize = 1 << 16;

/// Bytes of the new chain read in one snapshot.
const PAGE: usize = 32 << 20;

/// Signatures that the writer moves at a time.
const SLICE: usize = 4096;

/// What an adoption does to our payments.
pub(in crate::ledger) struct Plan {
    /// Our tip when the plan was made.
    pub(in crate::ledger) basis: Tip,
    /// The number of the first payment that entered the pool after it.
    pub(in crate::ledger) next_number: PaymentNumber,
    /// The pool's payments that the new chain holds, by their numbers.
    pub(in crate::ledger) confirmed: BTreeMap<PaymentNumber, Arc<VerifiedPayment>>,
    /// The payments in our blocks that the new chain lacks, in order, as far as they fit an empty pool.
    pub(in crate::ledger) orphans: Vec<VerifiedPayment>,
    /// How many do not fit.
    pub(in crate::ledger) dropped: u64,
}

/// Works out what happens to our payments, and stages the signatures of those that the staged chain holds.
///
/// Payments that arrive meanwhile count as sent after the new chain, except relayed ones that it holds: the adoption finds those.
pub(in crate::ledger) fn plan(ledger: &Ledger, stage: &Stage) -> Result<Plan, ChangeError> {
    plan_in_shares(ledger, stage, SHARE)
}

/// Like [`plan`], with another number of candidates at a time.
pub(in crate::ledger) fn plan_in_shares(
    ledger: &Ledger,
    stage: &Stage,
    share: usize,
) -> Result<Plan, ChangeError> {
    ledger.wait_for(|writer, stage| writer.store.unstage_signatures(&stage), *stage)?;
    let (basis, next_number, limit, pool) = ledger.view(|view| {
        let pool = view.pool.entries().map(|(number, payment)| (number, Arc::clone(payment)));
        (view.tip, view.pool.next_number(), view.pool.limit(), pool.collect::<BTreeMap<_, _>>())
    });
    let plan = Plan { basis, next_number, confirmed: BTreeMap::new(), orphans: Vec::new(), dropped: 0 };
    let mut planner = Planner { ledger, stage, share, pool, plan, returning: Vec::new(), room: limit };
    planner.run()?;
    Ok(planner.finish())
}

/// Where a candidate is.
#[derive(Clone, Copy)]
enum Candidate {
    InBlock(Position),
    InPool(PaymentNumber),
}

struct Planner<'a> {
    ledger: &'a Ledger,
    stage: &'a Stage,
    /// Candidates from our blocks that are compared at a time.
    share: usize,
    /// The pool's payments that are not confirmed.
    pool: BTreeMap<PaymentNumber, Arc<VerifiedPayment>>,
    plan: Plan,
    /// Payments that return, not verified yet.
    returning: Vec<(Position, SignedPayment)>,
    /// Bytes of payments that may still return.
    room: usize,
}

impl Planner<'_> {
    fn run(&mut self) -> Result<(), ChangeError> {
        let mut after = self.stage.fork.shared();
        loop {
            let (mut share, next) = self.candidates(after)?;
            let is_last = next == self.plan.basis.height.get();
            if is_last {
                for (number, payment) in &self.pool {
                    share.add_named(payment.name(), Candidate::InPool(*number));
                }
            }
            let confirmed = self.confirm(&mut share, after > self.stage.fork.shared())?;
            self.move_signatures(confirmed)?;
            self.return_rest(share)?;
            if is_last {
                return Ok(());
            }
            after = next;
        }
    }

    /// The next candidates from our blocks, and the height of the last block read.
    fn candidates(&self, mut after: u64) -> Result<(Orphans<Candidate>, u64), StoreError> {
        let last = self.plan.basis.height.get();
        self.ledger.readers().snapshot(|snapshot| {
            let mut share = Orphans::new();
            while share.len() < self.share {
                let Some(height) = first_block(snapshot, after + 1..=last)? else { return Ok((share, last)) };
                of_block(snapshot, height, |position, text, _| {
                    share.add(text, Candidate::InBlock((height, position)));
                })?;
                after = height;
            }
            Ok((share, after))
        })
    }

    /// Finds the candidates that the new chain holds. Positions matched by an earlier share are taken.
    fn confirm(
        &self,
        share: &mut Orphans<Candidate>,
        any_are_taken: bool,
    ) -> Result<Vec<(Position, Candidate)>, StoreError> {
        let (mut confirmed, mut after) = (Vec::new(), self.stage.fork.shared());
        while !share.is_empty() && after < self.stage.tip.height.get() {
            after = self.confirm_page(share, any_are_taken, after, &mut confirmed)?;
        }
        Ok(confirmed)
    }

    /// Searches the next blocks of the new chain, in a short snapshot: a long one would keep the log from shrinking. Returns
    /// the height of the last block read.
    fn confirm_page(
        &self,
        share: &mut Orphans<Candidate>,
        any_are_taken: bool,
        after: u64,
        confirmed: &mut Vec<(Position, Candidate)>,
    ) -> Result<u64, StoreError> {
        let (stage, mut bytes, mut last) = (self.stage.id, 0, self.stage.tip.height.get());
        self.ledger.readers().snapshot(|snapshot| {
            staging::each_staged(snapshot, stage, after, |height, text| {
                let taken =
                    if any_are_taken { staged_positions(snapshot, stage, height)? } else { Vec::new() };
                for (position, text) in (0..).zip(payment_texts(text)) {
                    if taken.binary_search(&position).is_err()
                        && let Some(candidate) = share.confirm(text)
                    {
                        confirmed.push(((height, position), candidate));
                    }
                }
                bytes += text.len();
                if bytes >= PAGE || share.is_empty() {
                    last = height;
                    return Ok(ControlFlow::Break(()));
                }
                Ok(ControlFlow::Continue(()))
            })
        })?;
        Ok(last)
    }

    /// Stages the signatures of confirmed payments for the blocks of the new chain.
    fn move_signatures(&mut self, confirmed: Vec<(Position, Candidate)>) -> Result<(), ChangeError> {
        for slice in confirmed.chunks(SLICE) {
            let slice: Vec<Confirmed> =
                slice.iter().map(|(position, candidate)| self.note(*position, *candidate)).collect();
            self.ledger
                .wait_for(move |writer, id| writer.store.stage_signatures(id, &slice), self.stage.id)?;
        }
        Ok(())
    }

    fn note(&mut self, position: Position, candidate: Candidate) -> Confirmed {
        let signature = match candidate {
            Candidate::InBlock(position) => SignatureSource::Stored(position),
            Candidate::InPool(number) => {
                let payment = self.pool.remove(&number).expect("a payment of the pool is confirmed once");
                let signature = payment.signature().to_owned();
                self.plan.confirmed.insert(number, payment);
                SignatureSource::Given(signature)
            }
        };
        Confirmed { position, signature }
    }

    /// Reads the candidates from our blocks that the new chain lacks, as far as they fit.
    fn return_rest(&mut self, share: Orphans<Candidate>) -> Result<(), StoreError> {
        let mut positions = share.into_rest().filter_map(|candidate| match candidate {
            Candidate::InBlock(position) => Some(position),
            Candidate::InPool(_) => None,
        });
        let ledger = self.ledger;
        ledger.readers().snapshot(|snapshot| {
            let mut next = positions.next();
            while let Some((height, _)) = next {
                of_block(snapshot, height, |position, text, signature| {
                    if next == Some((height, position)) {
                        self.return_payment((height, position), text, signature);
                        next = positions.next();
                    }
                })?;
                // Skip what was replaced meanwhile. The plan is outdated then and made again.
                while next.is_some_and(|(lost, _)| lost == height) {
                    next = positions.next();
                }
            }
            Ok(())
        })
    }

    fn return_payment(&mut self, position: Position, text: &str, signature: &str) {
        match self.ledger.rules().stored_payment(text, signature) {
            Ok(payment) if text.len() <= self.room => {
                self.room -= text.len();
                self.returning.push((position, payment));
            }
            Ok(_) => self.plan.dropped += 1,
            Err(error) => log_excluded(position, error),
        }
    }

    fn finish(self) -> Plan {
        let Self { mut plan, returning, .. } = self;
        plan.orphans = verify(returning)
            .filter_map(|(position, payment)| {
                if payment.is_none() {
                    log_excluded(position, "the signature kept beside it is not its sender's");
                }
                payment
            })
            .collect();
        plan
    }
}

/// Logs that a payment of a replaced block stays out of the pool.
pub(super) fn log_excluded((height, position): Position, why: impl Display) {
    tracing::warn!("payment {position} of replaced block {height} stays out of the pool: {why}");
}

#[cfg(test)]
mod tests;
