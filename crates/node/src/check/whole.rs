//! Checks a whole chain on all cores.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, available_parallelism};

use anyhow::bail;
use indicatif::ProgressBar;
use ledger_core::seam::{Proofs, RuleSet};

use super::segment::{Outcome, Segments};
use crate::ledger::OpenError;
use crate::store::{Finding, Keys, Readers, Scope, audit};

/// Attempts at a segment, if a reorg interrupts each.
const MAX_TRIES: usize = 10;

/// Checks a stored chain and returns its length. `bar` shows the progress.
///
/// # Errors
///
/// The first invalid block, the rule, and both sides.
pub(crate) fn check(
    readers: &Readers,
    rules: &Arc<dyn RuleSet>,
    (scope, proofs): (Scope, Proofs),
    bar: impl FnOnce(u64) -> ProgressBar,
) -> anyhow::Result<u64> {
    let length = readers.snapshot(|snapshot| audit::structure(snapshot))?;
    let bar = bar(length);
    let segments = Segments { readers, rules, scope, proofs, length };
    let check = WholeCheck { segments, bar: &bar, next: AtomicU64::new(0), failure: Mutex::default() };
    thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| check.work());
        }
    });
    bar.finish_and_clear();
    match check.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        None => Ok(length),
        Some((_, Failure::Replaced)) => bail!("the node replaced its chain during the check; try again"),
        Some((_, Failure::Found(finding))) if finding.way_out().is_some() => {
            Err(OpenError::from(finding).into())
        }
        Some((_, Failure::Found(finding))) => Err(finding.into()),
    }
}

/// Why the check of a segment failed.
enum Failure {
    Found(Finding),
    Replaced,
}

/// State shared by the threads.
struct WholeCheck<'a> {
    segments: Segments<'a>,
    bar: &'a ProgressBar,
    /// The next segment to check.
    next: AtomicU64,
    /// The failure of the lowest segment.
    failure: Mutex<Option<(u64, Failure)>>,
}

impl WholeCheck<'_> {
    /// Checks segments in order, until none is left or one has failed.
    fn work(&self) {
        let mut keys = Keys::default();
        loop {
            let segment = self.next.fetch_add(1, Ordering::Relaxed);
            if segment >= self.segments.count() || self.failure().is_some() {
                return;
            }
            let Err(failure) = self.segment(segment, &mut keys) else { continue };
            let mut first = self.failure();
            if first.as_ref().is_none_or(|(lowest, _)| segment < *lowest) {
                *first = Some((segment, failure));
            }
        }
    }

    fn segment(&self, segment: u64, keys: &mut Keys) -> Result<(), Failure> {
        for _ in 0..MAX_TRIES {
            let progress = |blocks| {
                self.bar.inc(blocks);
                ControlFlow::Continue(())
            };
            let outcome = self.segments.check(segment, keys, progress).map_err(Failure::Found)?;
            if outcome != Outcome::Replaced {
                return Ok(());
            }
        }
        Err(Failure::Replaced)
    }

    fn failure(&self) -> MutexGuard<'_, Option<(u64, Failure)>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{ledger, rewards, stage};

    fn chain(directory: &TempDir, blocks: usize) -> Ledger {
        let ledger = ledger(directory);
        stage(&ledger, ledger.tip(), rewards("us", blocks)).adopt().unwrap().unwrap();
        ledger
    }

    fn checked(ledger: &Ledger, bar: &ProgressBar) -> anyhow::Result<u64> {
        let with = (Scope::All, Proofs::Checked);
        check(ledger.readers(), ledger.rules(), with, |length| {
            bar.set_length(length);
            bar.clone()
        })
    }

    #[test]
    fn length_is_returned_and_progress_shown() {
        let directory = tempfile::tempdir().unwrap();
        let (ledger, bar) = (chain(&directory, 19), ProgressBar::hidden());
        assert_eq!(checked(&ledger, &bar).unwrap(), 20);
        assert_eq!((bar.length(), bar.position(), bar.is_finished()), (Some(20), 20, true));
    }

    #[test]
    fn lowest_segment_with_damage_is_reported() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = chain(&directory, 4_200);
        let change =
            "UPDATE blocks SET text = replace(text, '\"us\"', '\"me\"') WHERE height IN (4090, 4200)";
        Connection::open(directory.path().join("ledger.db")).unwrap().execute_batch(change).unwrap();
        let found = format!("{:#}", checked(&ledger, &ProgressBar::hidden()).unwrap_err());
        assert!(found.contains("block 4090"), "{found}");
    }
}
