//! The check of a stored chain, with all cores.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, available_parallelism};

use anyhow::bail;
use indicatif::ProgressBar;
use ledger_core::{BlockHash, Fault, Rules};

use super::progress;
use crate::ledger::OpenError;
use crate::store::{Digest, Finding, Keys, Readers, StoreError, audit, blocks};

/// How many blocks a thread checks at a time.
const SHARE: u64 = 512;

/// How much is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The blocks.
    Blocks,
    /// The blocks, and the index of payments.
    All,
}

/// Checks a stored chain and answers its length.
///
/// # Errors
///
/// The first bad block, the rule, and both sides.
pub(super) fn check(readers: &Readers, rules: Rules, scope: Scope) -> anyhow::Result<u64> {
    let length = readers.snapshot(|snapshot| audit::structure(snapshot))?;
    let last = last_hash(readers, length)?;
    let bar = progress::blocks("verifying", length);
    let (next, state) = (AtomicU64::new(0), Mutex::default());
    let audit = Audit { readers, rules, scope, length, bar: &bar, next, state };
    thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| audit.work());
        }
    });
    bar.finish_and_clear();
    let state = audit.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(finding) = state.finding(scope) {
        if last_hash(readers, length)? != last {
            bail!("the node replaced its chain meanwhile; try again");
        }
        bail!(match finding {
            Finding::Fault(Fault::Proof { .. }) => OpenError::from(finding).to_string(),
            other => other.to_string(),
        });
    }
    Ok(length)
}

/// The hash of the last block that is checked: another one means that the chain was replaced meanwhile.
fn last_hash(readers: &Readers, length: u64) -> Result<Option<BlockHash>, StoreError> {
    readers.snapshot(|snapshot| Ok(blocks::hashes(snapshot, length, 1)?.pop()))
}

/// What the threads share.
struct Audit<'a> {
    readers: &'a Readers,
    rules: Rules,
    scope: Scope,
    length: u64,
    bar: &'a ProgressBar,
    /// The first share of the work that no thread has taken: first come the blocks, then the index of payments.
    next: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the checked blocks ask of the index of payments.
    expected: Digest,
    /// What the index has.
    found: Digest,
    /// What is wrong with the lowest share that has a fault.
    fault: Option<(u64, Finding)>,
}

impl State {
    /// What is wrong, when all is checked.
    fn finding(self, scope: Scope) -> Option<Finding> {
        let Self { expected, found, fault } = self;
        let is_different = scope == Scope::All && expected != found;
        let differs = Finding::Index { expected: expected.entries, found: found.entries };
        fault.map(|(_, finding)| finding).or(is_different.then_some(differs))
    }
}

impl Audit<'_> {
    /// Takes shares in order, until all are taken or a lower one has a fault.
    fn work(&self) {
        let mut keys = Keys::default();
        let shares = self.length.div_ceil(SHARE);
        let index_parts = if self.scope == Scope::All { audit::index_parts(self.length) } else { 0 };
        loop {
            let share = self.next.fetch_add(1, Ordering::Relaxed);
            if share >= shares + index_parts || self.state().fault.is_some() {
                return;
            }
            let checked = match share.checked_sub(shares) {
                None => self.blocks(share, &mut keys),
                Some(part) => self.index(part),
            };
            let Err(finding) = checked else { continue };
            let mut state = self.state();
            if state.fault.as_ref().is_none_or(|(lowest, _)| share < *lowest) {
                state.fault = Some((share, finding));
            }
        }
    }

    fn blocks(&self, share: u64, keys: &mut Keys) -> Result<(), Finding> {
        let from = share * SHARE + 1;
        let to = self.length.min(from + SHARE - 1);
        let digest =
            self.readers.snapshot(|snapshot| audit::blocks(snapshot, self.rules, from..=to, keys))?;
        self.bar.inc(to - from + 1);
        let mut state = self.state();
        state.expected = state.expected.and(digest);
        Ok(())
    }

    fn index(&self, part: u64) -> Result<(), Finding> {
        let digest = self.readers.snapshot(|snapshot| audit::index(snapshot, part, self.length))?;
        let mut state = self.state();
        state.found = state.found.and(digest);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
