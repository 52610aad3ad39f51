//! `node verify`: checks every hash, link and proof of a stored chain, with all cores.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, available_parallelism};

use anyhow::bail;
use indicatif::ProgressBar;
use ledger_core::{BlockHash, Fault, Rules};

use super::progress;
use crate::ledger::OpenError;
use crate::store::{Digest, Finding, Readers, StoreError, audit, blocks};

/// How many blocks a thread checks at a time.
const SHARE: u64 = 256;

/// Checks the chain in a directory, which a node may be using meanwhile.
///
/// # Errors
///
/// The first bad block, the rule, and both sides.
pub fn verify(directory: &Path, rules: Rules) -> anyhow::Result<()> {
    let readers = Readers::of_existing(directory)?;
    let length = readers.snapshot(|snapshot| audit::structure(snapshot))?;
    let last = last_hash(&readers, length)?;
    let bar = progress::blocks("verifying", length);
    let audit = Audit {
        readers: &readers,
        rules,
        length,
        bar: &bar,
        next: AtomicU64::new(1),
        state: Mutex::default(),
    };
    thread::scope(|scope| {
        for _ in 0..available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| audit.work());
        }
    });
    bar.finish_and_clear();
    let State { digest, finding } = audit.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let finding = match finding {
        None => readers.snapshot(|snapshot| audit::index(snapshot, length, digest)).err(),
        Some((_, finding)) => Some(finding),
    };
    if let Some(finding) = finding {
        if last_hash(&readers, length)? != last {
            bail!("the node replaced its chain meanwhile; run `node verify` again");
        }
        bail!(match finding {
            Finding::Fault(Fault::Proof { .. }) => OpenError::from(finding).to_string(),
            other => other.to_string(),
        });
    }
    println!("{length} blocks, every hash, link and proof is right at difficulty {}", rules.difficulty());
    Ok(())
}

/// The hash of the last block that is checked: another one means that the chain was replaced meanwhile.
fn last_hash(readers: &Readers, length: u64) -> Result<Option<BlockHash>, StoreError> {
    readers.snapshot(|snapshot| Ok(blocks::hashes(snapshot, length, 1)?.pop()))
}

/// What the threads share.
struct Audit<'a> {
    readers: &'a Readers,
    rules: Rules,
    length: u64,
    bar: &'a ProgressBar,
    /// The first block that no thread has taken.
    next: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the checked blocks ask of the index of payments.
    digest: Digest,
    /// What is wrong with the lowest share that has a fault.
    finding: Option<(u64, Finding)>,
}

impl Audit<'_> {
    /// Takes shares in order, until all are taken or a lower one has a fault.
    fn work(&self) {
        loop {
            let from = self.next.fetch_add(SHARE, Ordering::Relaxed);
            if from > self.length || self.state().finding.is_some() {
                return;
            }
            let to = self.length.min(from + SHARE - 1);
            let checked = self.readers.snapshot(|snapshot| audit::blocks(snapshot, self.rules, from, to));
            self.bar.inc(to - from + 1);
            let mut state = self.state();
            match checked {
                Ok(digest) => state.digest = state.digest.and(digest),
                Err(finding) if state.finding.as_ref().is_none_or(|(lowest, _)| from < *lowest) => {
                    state.finding = Some((from, finding));
                }
                Err(_) => {}
            }
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
