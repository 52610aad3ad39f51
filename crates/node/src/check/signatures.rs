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
        // Every row must belong to a payment.
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            let position = row.get(0).map_err(StoreError::from)?;
            if of_payments.next().is_none_or(|(of_payment, ..)| *of_payment != position) {
                return Err(Finding::Signature { height, position });
            }
        }
        Ok(Self { height, payments })
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{accept, ledger, seal};

    /// A ledger with two signed payments each in blocks 2 and 3, after `sql` has changed its database.
    fn changed(sql: &str) -> (TempDir, Ledger) {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        for recipients in [["bob", "carol"], ["dora", "emil"]] {
            recipients.iter().for_each(|to| drop(accept(&ledger, to)));
            seal(&ledger);
        }
        let database = Connection::open(directory.path().join("ledger.db")).unwrap();
        database.execute_batch(sql).unwrap();
        (directory, ledger)
    }

    fn checked(ledger: &Ledger, heights: RangeInclusive<u64>) -> Result<ControlFlow<()>, Finding> {
        let progress = &mut |_| ControlFlow::Continue(());
        check(ledger.readers(), &**ledger.rules(), heights, progress)
    }

    #[test]
    fn unchanged_signatures_are_valid() {
        let (_directory, ledger) = changed("");
        assert!(checked(&ledger, 1..=3).unwrap().is_continue());
    }

    #[test]
    fn changed_signature_is_found() {
        for (sql, expected) in [
            ("UPDATE signatures SET signature = 'AAAA' WHERE height = 2 AND position = 1", (2, 1)),
            ("UPDATE signatures SET signature = 'AAAA' WHERE height = 3 AND position = 0", (3, 0)),
            ("UPDATE signatures SET position = 2 WHERE height = 3 AND position = 1", (3, 2)),
            ("UPDATE signatures SET position = 7 WHERE height = 3 AND position = 1", (3, 7)),
            ("INSERT INTO signatures VALUES (1, 0, 'AAAA')", (1, 0)),
        ] {
            let (_directory, ledger) = changed(sql);
            let Err(Finding::Signature { height, position }) = checked(&ledger, 1..=3) else {
                panic!("{sql}")
            };
            assert_eq!((height, position), expected, "{sql}");
        }
    }

    #[test]
    fn only_the_heights_asked_for_are_checked() {
        let (_directory, ledger) = changed("UPDATE signatures SET signature = 'AAAA'");
        assert!(checked(&ledger, 4..=9).unwrap().is_continue());
        assert!(checked(&ledger, 1..=1).unwrap().is_continue());
    }

    #[test]
    fn progress_stops_the_check() {
        let (_directory, ledger) = changed("UPDATE signatures SET signature = 'AAAA' WHERE height = 3");
        let mut seen = 0;
        let stopped = check(ledger.readers(), &**ledger.rules(), 1..=3, &mut |blocks| {
            seen += 1;
            assert_eq!(blocks, 0);
            if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(stopped.unwrap().is_break());
    }
}
