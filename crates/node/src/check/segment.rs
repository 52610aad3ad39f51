//! Checks one segment of a chain that may grow or be replaced at the same time.

use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

use ledger_core::BlockHash;
use ledger_core::seam::{Proofs, RuleSet};

use super::signatures;
use crate::store::audit::Walk;
use crate::store::audit::index_pages::{self, Entries, Position};
use crate::store::{Finding, Keys, Readers, SEGMENT, Scope, StoreError, blocks};

/// How a check ended, if it found nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Everything is valid.
    Valid,
    /// Blocks were replaced during the check. The new ones were checked when they arrived; check the rest again.
    Replaced,
    /// The caller stopped the check.
    Stopped,
}

/// Checks the segments of a chain. Reads a mebibyte at a time and computes without a snapshot, so that the
/// write-ahead log can be checkpointed in between.
pub(super) struct Segments<'a> {
    pub(super) readers: &'a Readers,
    pub(super) rules: &'a Arc<dyn RuleSet>,
    pub(super) scope: Scope,
    pub(super) proofs: Proofs,
    /// Number of blocks to check. The writer checks later ones when it adds them.
    pub(super) length: u64,
}

impl Segments<'_> {
    /// Number of segments.
    pub(super) fn count(&self) -> u64 {
        self.length / SEGMENT + 1
    }

    /// Checks a segment, counted from 0. Calls `progress` with the number of newly checked blocks; it may stop the check.
    ///
    /// # Errors
    ///
    /// The first [`Finding`].
    pub(super) fn check(
        &self,
        segment: u64,
        keys: &mut Keys,
        mut progress: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Outcome, Finding> {
        let heights = (segment * SEGMENT).max(1)..=self.length.min(segment * SEGMENT + SEGMENT - 1);
        let mut seen = SeenTips::default();
        let checked = self.compare(segment, heights, keys, &mut seen, &mut progress);
        // A finding may come from two chains that were mixed: check for a reorg first.
        if self.readers.snapshot(|snapshot| seen.is_replaced(snapshot))? {
            Ok(Outcome::Replaced)
        } else {
            checked
        }
    }

    fn compare(
        &self,
        segment: u64,
        heights: RangeInclusive<u64>,
        keys: &mut Keys,
        seen: &mut SeenTips,
        progress: &mut impl FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Outcome, Finding> {
        let (readers, first, last) = (self.readers, *heights.start(), *heights.end());
        let with = (self.scope, self.proofs);
        let mut walk = readers.snapshot(|snapshot| Walk::begin(snapshot, self.rules, first, with))?;
        seen.add(&walk);
        while walk.next() <= last {
            let from = walk.next();
            let slice = readers.snapshot(|snapshot| walk.read(snapshot, last))?;
            walk.check(slice, keys)?;
            seen.add(&walk);
            if progress(walk.next() - from).is_break() {
                return Ok(Outcome::Stopped);
            }
        }
        if self.scope == Scope::All {
            while readers.snapshot(|snapshot| walk.hashes().look_up(snapshot))? {
                if progress(0).is_break() {
                    return Ok(Outcome::Stopped);
                }
            }
            let (mut entries, mut next) = (Entries::default(), Some(Position::start(segment)));
            while let Some(position) = next {
                let mut page =
                    |snapshot: &_| index_pages::page(snapshot, position, heights.clone(), &mut entries);
                next = readers.snapshot(|snapshot| page(snapshot))?;
                if progress(0).is_break() {
                    return Ok(Outcome::Stopped);
                }
            }
            entries.compare(walk.digest(), heights.clone())?;
            if signatures::check(readers, &**self.rules, heights, progress)?.is_break() {
                return Ok(Outcome::Stopped);
            }
        }
        Ok(Outcome::Valid)
    }
}

/// The last block of each slice. Reveals a reorg.
#[derive(Default)]
struct SeenTips(Vec<(u64, BlockHash)>);

impl SeenTips {
    fn add(&mut self, walk: &Walk) {
        self.0.extend(walk.tip().map(|tip| (tip.height.get(), tip.hash)));
    }

    /// Whether a reorg has replaced one of these blocks.
    fn is_replaced(&self, snapshot: &rusqlite::Connection) -> Result<bool, StoreError> {
        for (height, hash) in &self.0 {
            if blocks::hashes(snapshot, *height, 1)?.first() != Some(hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::Tip;

    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{ledger, rewards, stage};

    /// Replaces our blocks after `after` with new ones.
    fn adopt(ledger: &Ledger, after: Tip, blocks: usize, miner: &str) {
        stage(ledger, after, rewards(miner, blocks)).adopt().unwrap().unwrap();
    }

    #[test]
    fn reorg_or_growth_during_the_check_is_not_damage() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let genesis = ledger.tip();
        adopt(&ledger, genesis, 99, "us");
        let rules = ledger.rules();
        let (scope, proofs) = (Scope::All, Proofs::Checked);
        let segments = Segments { readers: ledger.readers(), rules, scope, proofs, length: 100 };
        let (mut keys, mut slices) = (Keys::default(), 0);
        let outcome = segments.check(0, &mut keys, |_| {
            slices += 1;
            if slices == 2 {
                adopt(&ledger, genesis, 120, "them");
            }
            ControlFlow::Continue(())
        });
        assert_eq!(outcome.unwrap(), Outcome::Replaced);
        let outcome = segments.check(0, &mut keys, |_| {
            let tip = ledger.tip();
            adopt(&ledger, tip, 1, "more");
            ControlFlow::Continue(())
        });
        assert_eq!(outcome.unwrap(), Outcome::Valid);
        let outcome = segments.check(0, &mut keys, |_| ControlFlow::Break(()));
        assert_eq!(outcome.unwrap(), Outcome::Stopped);
    }

    #[tokio::test]
    async fn closed_ledger_takes_no_change() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        ledger.close();
        let refused = ledger.add_peers(vec!["localhost:5001".parse().unwrap()]).await.unwrap_err();
        assert!(refused.to_string().contains("accepts no more changes"), "{refused}");
        assert!(ledger.peers().is_empty());
    }
}
