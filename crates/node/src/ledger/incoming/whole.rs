//! Takes in a chain as whole blocks, which may come from several peers.

use std::sync::Arc;

use ledger_core::{BlockHash, Height, Tip};

use super::feed::Feed;
use super::partial::LARGE_BLOCK_BYTES;
use super::{Candidate, IntakeError, LargeBlocks};
use crate::ledger::{ChangeError, Ledger};
use crate::store::blocks::{self, Which};
use crate::system::threads::Panicked;

/// The work that a panic's message names.
const LARGE_BLOCK: &str = "checking a large block";

/// Takes in one chain, block by block. A refused block changes nothing: another one may come in its place. Dropping
/// the intake removes everything staged. Its calls block the thread.
#[derive(Debug)]
pub struct BlockIntake {
    large: Arc<LargeBlocks>,
    /// `None` after a panic on the thread for large blocks.
    chain: Option<Feed>,
}

impl BlockIntake {
    /// An intake of a chain from a height on. Its first block must be ours or a genesis.
    pub fn new(ledger: &Ledger, from: Height) -> Self {
        Self { large: Arc::clone(&ledger.0.large), chain: Some(Feed::new(ledger, from)) }
    }

    /// An intake of a chain that parts from ours after this block of ours.
    ///
    /// # Errors
    ///
    /// [`IntakeError::Parted`] if the block is not ours any more.
    pub fn after(ledger: &Ledger, height: Height, hash: BlockHash) -> Result<Self, IntakeError> {
        let (rules, which) = (&**ledger.rules(), Which::Hash(hash));
        let found =
            ledger.readers().snapshot(|snapshot| blocks::find(snapshot, rules, &which, usize::MAX >> 1))?;
        let text = found.and_then(|found| found.text).ok_or(IntakeError::Parted(height))?;
        let mut intake = Self::new(ledger, height);
        intake.take(text.as_bytes())?;
        Ok(intake)
    }

    /// Takes the next block's JSON, which must be UTF-8.
    ///
    /// # Errors
    ///
    /// [`IntakeError`]. After [`IntakeError::Refused`], do not use the intake.
    pub fn take(&mut self, json: &[u8]) -> Result<(), IntakeError> {
        if json.len() < LARGE_BLOCK_BYTES {
            return self.chain()?.small_block(json);
        }
        let (json, mut moved) = (json.to_vec(), self.chain.take().ok_or_else(lost)?);
        let work = move || {
            let taken = moved.large_block(json);
            (moved, taken)
        };
        let (returned, taken) = self.large.run(LARGE_BLOCK, work).map_err(ChangeError::from)?;
        self.chain = Some(returned);
        taken
    }

    /// The tip so far; `None` before the first block.
    pub fn tip(&self) -> Option<Tip> {
        self.chain.as_ref().and_then(Feed::tip)
    }

    /// Ends the chain. Returns `None` if it is valid but does not win over ours.
    ///
    /// # Errors
    ///
    /// [`IntakeError`] if the chain ended too early.
    pub fn finish(self) -> Result<Option<Candidate>, IntakeError> {
        self.chain.ok_or_else(lost)?.finish()
    }

    fn chain(&mut self) -> Result<&mut Feed, ChangeError> {
        self.chain.as_mut().ok_or_else(lost)
    }
}

/// The error after a panic, which was reported when it happened.
fn lost() -> ChangeError {
    Panicked::new(LARGE_BLOCK, "it panicked on an earlier block").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{copy, extend, ledger, next, seal};

    /// The text of our genesis.
    fn genesis(ledger: &Ledger) -> String {
        let which = Which::At(Height::GENESIS);
        let found =
            ledger.readers().snapshot(|snapshot| blocks::find(snapshot, &**ledger.rules(), &which, 1 << 20));
        found.unwrap().unwrap().text.unwrap()
    }

    #[test]
    fn refused_block_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let first = genesis(&ledger);
        let block = next(&ledger, Vec::new());
        let mut intake = BlockIntake::new(&ledger, Height::GENESIS);
        assert_eq!(intake.tip(), None);
        intake.take(first.as_bytes()).unwrap();
        let tip = intake.tip();
        assert_eq!(tip, Some(ledger.tip()));
        let two = format!("{}, {}", block.text(), block.text());
        for bad in ["", "{}", "[]", &two, &first] {
            assert!(matches!(intake.take(bad.as_bytes()), Err(IntakeError::Block(_))), "{bad}");
            assert_eq!(intake.tip(), tip);
        }
        intake.take(block.text().as_bytes()).unwrap();
        let candidate = intake.finish().unwrap().unwrap();
        assert_eq!(candidate.adopt().unwrap().unwrap().adopted, 1);
        assert_eq!(ledger.tip().hash, block.hash());
    }

    #[test]
    fn chain_that_parts_from_ours_needs_only_its_own_blocks() {
        let directories = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let ours = ledger(&directories[0]);
        seal(&ours);
        let theirs = copy(&ours, &directories[1]);
        let fork = ours.tip();
        seal(&ours);
        let mut intake = BlockIntake::after(&ours, fork.height, fork.hash).unwrap();
        for _ in 0..2 {
            let block = next(&theirs, Vec::new());
            intake.take(block.text().as_bytes()).unwrap();
            extend(&theirs, &block);
        }
        assert_eq!(intake.finish().unwrap().unwrap().adopt().unwrap().unwrap().adopted, 2);
        assert_eq!(ours.tip(), theirs.tip());
        let gone = BlockIntake::after(&ours, fork.height, BlockHash::of_text("gone"));
        assert!(matches!(gone, Err(IntakeError::Parted(height)) if height == fork.height));
    }
}
