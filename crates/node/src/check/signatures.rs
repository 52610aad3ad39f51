//! Checks the signatures kept beside payments in blocks. A reorg needs them to return the payments.

use std::ops::{ControlFlow, RangeInclusive};

use ledger_core::seam::RuleSet;

use crate::ledger::verify_payment;
use crate::store::{Finding, Readers, StoreError, signatures};

/// Checks block by block that each signature belongs to a payment and is valid. `progress` may stop the check.
///
/// # Errors
///
/// [`Finding::Signature`].
pub(super) fn check(
    readers: &Readers,
    rules: &dyn RuleSet,
    heights: RangeInclusive<u64>,
    progress: &mut impl FnMut(u64) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Finding> {
    let (mut next, last) = heights.into_inner();
    loop {
        let read = |snapshot: &_| match signatures::first_block(snapshot, next..=last)? {
            None => Ok(None),
            Some(height) => BlockSignatures::read(snapshot, height).map(Some),
        };
        let Some(kept) = readers.snapshot(|snapshot| read(snapshot))? else {
            return Ok(ControlFlow::Continue(()));
        };
        next = kept.height + 1;
        for (position, text, signature) in kept.payments {
            let payment = rules.stored_payment(&text, &signature);
            let is_right = payment.is_ok_and(|payment| verify_payment(payment).is_ok());
            if !is_right {
                return Err(Finding::Signature { height: kept.height, position });
            }
            if progress(0).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
}

/// The kept signatures of a block.
struct BlockSignatures {
    height: u64,
    /// Position, text and signature of each payment with a kept signature.
    payments: Vec<(u64, String, String)>,
}

impl BlockSignatures {
    fn read(snapshot: &rusqlite::Connection, height: u64) -> Result<Self, Finding> {
        let mut payments = Vec::new();
        signatures::of_block(snapshot, height, |position, text, signature| {
            payments.push((position, text.to_owned(), signature.to_owned()));
        })?;
        let select = "SELECT position FROM signatures WHERE height = ?1 ORDER BY position";
        let mut select = snapshot.prepare_cached(select).map_err(StoreError::from)?;
        let mut rows = select.query([height]).map_err(StoreError::from)?;
        let mut of_payments = payments.iter();
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            let position = row.get(0).map_err(StoreError::from)?;
            if of_payments.next().is_none_or(|(of_payment, ..)| *of_payment != position) {
                return Err(Finding::Signature { height, position });
            }
        }
        Ok(Self { height, payments })
    }
}
