//! What a staged chain means for our payments, worked out before the writer adopts it, on the thread that asked.
//!
//! Candidates are the payments whose signature this node verified: those of the pool, and those of our blocks beside
//! which a signature is kept. What else stands in our blocks came from others, who return it themselves.
//!
//! Memory has a bound: candidates are compared with the new chain [`SHARE`] at a time, and what comes back has no more
//! than the pool may have.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::ControlFlow;
use std::sync::Arc;

use ledger_core::fork::Orphans;
use ledger_core::seam::payment_texts;
use ledger_core::{PaymentNumber, SignedPayment, Tip, VerifiedPayment};

use super::verify;
use crate::ledger::{ChangeError, Ledger};
use crate::store::signatures::{Place, first_block, of_block, staged_positions};
use crate::store::{Confirmed, Kept, Stage, StoreError, staging};

/// How many payments of our blocks are compared with the new chain at a time, and those of one block more: it is read
/// once for each share. A payment takes 100 to 200 bytes of memory.
const SHARE: usize = 1 << 16;

/// How many bytes of the new chain are looked through in one snapshot.
const PAGE: usize = 32 << 20;

/// How many signatures the writer moves at a time.
const SLICE: usize = 4096;

/// What an adoption does to our payments.
pub(in crate::ledger) struct Plan {
    /// Our last block when this was worked out.
    pub(in crate::ledger) basis: Tip,
    /// The payments of the pool that the new chain holds, by their numbers.
    pub(in crate::ledger) confirmed: BTreeMap<PaymentNumber, Arc<VerifiedPayment>>,
    /// The payments of our blocks that it lacks, in order: those that fit an empty pool.
    pub(in crate::ledger) orphans: Vec<VerifiedPayment>,
    /// How many did not.
    pub(in crate::ledger) dropped: u64,
}

/// Works out what a staged chain means for our payments, and stages the signatures of those that it holds.
///
/// Payments that arrive meanwhile count as sent after the new chain.
pub(in crate::ledger) fn plan(ledger: &Ledger, stage: &Stage) -> Result<Plan, ChangeError> {
    plan_in_shares(ledger, stage, SHARE)
}

/// As [`plan`], with another number of candidates at a time.
pub(in crate::ledger) fn plan_in_shares(
    ledger: &Ledger,
    stage: &Stage,
    share: usize,
) -> Result<Plan, ChangeError> {
    ledger.wait_for(|writer, stage| writer.store.unstage_signatures(&stage), *stage)?;
    let (basis, limit, pool) = ledger.view(|view| {
        let pool = view.pool.entries().map(|(number, payment)| (number, Arc::clone(payment)));
        (view.tip, view.pool.limit(), pool.collect::<BTreeMap<_, _>>())
    });
    let plan = Plan { basis, confirmed: BTreeMap::new(), orphans: Vec::new(), dropped: 0 };
    let mut planner = Planner { ledger, stage, share, pool, plan, back: Vec::new(), room: limit };
    planner.run()?;
    Ok(planner.finish())
}

/// Where a candidate is.
#[derive(Clone, Copy)]
enum Candidate {
    InBlock(Place),
    InPool(PaymentNumber),
}

struct Planner<'a> {
    ledger: &'a Ledger,
    stage: &'a Stage,
    /// How many candidates of our blocks are compared at a time.
    share: usize,
    /// The pool, until it has been compared.
    pool: BTreeMap<PaymentNumber, Arc<VerifiedPayment>>,
    plan: Plan,
    /// What comes back, not verified yet.
    back: Vec<(Place, SignedPayment)>,
    /// The bytes that may still come back.
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
            self.bring_back(share)?;
            if is_last {
                return Ok(());
            }
            after = next;
        }
    }

    /// The next candidates of our blocks, and up to which block they go.
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

    /// Finds the candidates that the new chain holds. What was found for an earlier share is taken.
    fn confirm(
        &self,
        share: &mut Orphans<Candidate>,
        any_are_taken: bool,
    ) -> Result<Vec<(Place, Candidate)>, StoreError> {
        let (mut confirmed, mut after) = (Vec::new(), self.stage.fork.shared());
        while !share.is_empty() && after < self.stage.tip.height.get() {
            after = self.confirm_page(share, any_are_taken, after, &mut confirmed)?;
        }
        Ok(confirmed)
    }

    /// Looks through the next blocks of the new chain, in a short snapshot: a long one would keep the log from shrinking.
    /// Answers the height of the last.
    fn confirm_page(
        &self,
        share: &mut Orphans<Candidate>,
        any_are_taken: bool,
        after: u64,
        confirmed: &mut Vec<(Place, Candidate)>,
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

    /// Writes the signatures of confirmed payments beside the blocks of the new chain.
    fn move_signatures(&mut self, confirmed: Vec<(Place, Candidate)>) -> Result<(), ChangeError> {
        for slice in confirmed.chunks(SLICE) {
            let slice: Vec<Confirmed> =
                slice.iter().map(|(place, candidate)| self.note(*place, *candidate)).collect();
            self.ledger
                .wait_for(move |writer, id| writer.store.stage_signatures(id, &slice), self.stage.id)?;
        }
        Ok(())
    }

    fn note(&mut self, place: Place, candidate: Candidate) -> Confirmed {
        let signature = match candidate {
            Candidate::InBlock(place) => Kept::InBlock(place),
            Candidate::InPool(number) => {
                let payment = self.pool.remove(&number).expect("a payment of the pool is confirmed once");
                let signature = payment.signature().to_owned();
                self.plan.confirmed.insert(number, payment);
                Kept::Here(signature)
            }
        };
        Confirmed { place, signature }
    }

    /// Reads the candidates of our blocks that the new chain lacks, as far as there is room for them.
    fn bring_back(&mut self, share: Orphans<Candidate>) -> Result<(), StoreError> {
        let mut places = share.into_rest().filter_map(|candidate| match candidate {
            Candidate::InBlock(place) => Some(place),
            Candidate::InPool(_) => None,
        });
        let ledger = self.ledger;
        ledger.readers().snapshot(|snapshot| {
            let mut next = places.next();
            while let Some((height, _)) = next {
                of_block(snapshot, height, |position, text, signature| {
                    if next == Some((height, position)) {
                        self.take_back((height, position), text, signature);
                        next = places.next();
                    }
                })?;
                // What is not there any more was replaced meanwhile, and the plan will be made anew.
                while next.is_some_and(|(lost, _)| lost == height) {
                    next = places.next();
                }
            }
            Ok(())
        })
    }

    fn take_back(&mut self, place: Place, text: &str, signature: &str) {
        match self.ledger.rules().stored_payment(text, signature) {
            Ok(payment) if text.len() <= self.room => {
                self.room -= text.len();
                self.back.push((place, payment));
            }
            Ok(_) => self.plan.dropped += 1,
            Err(error) => not_ours(place, error),
        }
    }

    fn finish(self) -> Plan {
        let Self { mut plan, back, .. } = self;
        plan.orphans = verify(back)
            .filter_map(|(place, payment)| {
                if payment.is_none() {
                    not_ours(place, "the signature kept beside it is not its sender's");
                }
                payment
            })
            .collect();
        plan
    }
}

/// Warns that a payment of a replaced block stays out of the pool.
pub(super) fn not_ours((height, position): Place, why: impl Display) {
    tracing::warn!("payment {position} of the replaced block {height} does not come back: {why}");
}
