//! Checks the blocks of an incoming chain one after the other and stages those that ours lacks.

use std::collections::VecDeque;

use ledger_core::seam::{Chain, CheckedBlock, Proofs};
use ledger_core::{BlockHash, ForkPoint, Height, Tip};

use super::{Candidate, IntakeError, StageWriter};
use crate::ledger::{Ledger, PAGE};
use crate::store::StoreError;
use crate::store::blocks::{self, Which};
use crate::system::clock;
use crate::text::check_utf8;

/// Our block hashes read at a time.
const HASHES: u64 = 4096;

/// Checks the blocks of an incoming chain one after the other.
#[derive(Debug)]
pub(super) struct Feed {
    chain: Box<dyn Chain>,
    asked_from: Height,
    placed: Placed,
}

/// Compares checked blocks with ours and stages those that our chain lacks.
#[derive(Debug)]
struct Placed {
    ledger: Ledger,
    /// The hashes of our next blocks, while both chains are the same.
    ours: VecDeque<BlockHash>,
    stage: Option<StageWriter>,
    fork: ForkPoint,
}

impl Feed {
    /// A chain that was requested from this height on.
    pub(super) fn new(ledger: &Ledger, from: Height) -> Self {
        let chain = ledger.rules().clone().begin(Proofs::Checked);
        let (ledger, ours) = (ledger.clone(), VecDeque::new());
        Self {
            chain,
            asked_from: from,
            placed: Placed { ledger, ours, stage: None, fork: ForkPoint::Nothing },
        }
    }

    /// The tip so far; `None` before the first block.
    pub(super) fn tip(&self) -> Option<Tip> {
        self.chain.tip()
    }

    /// Takes the JSON of the next block.
    pub(super) fn small_block(&mut self, json: &[u8]) -> Result<(), IntakeError> {
        if let Some(ours) = self.first_shared_block(json)? {
            return self.join(ours);
        }
        let checked = self.chain.push(json, clock::now());
        let block = checked.map_err(|error| IntakeError::refused(error, || check_utf8(json, 0).err()))?;
        self.placed.take(&block)?;
        Ok(self.placed.stage.as_mut().map_or(Ok(()), StageWriter::write_if_full)?)
    }

    /// Takes the JSON of a large block and writes it at once, so that it does not stay in memory.
    pub(super) fn large_block(&mut self, json: Vec<u8>) -> Result<(), IntakeError> {
        if let Some(ours) = self.first_shared_block(&json)? {
            // Free the JSON: `join` reads our own block, which is as large.
            drop(json);
            return self.join(ours);
        }
        let Self { chain, placed, .. } = self;
        // Check the encoding first: `push_large` consumes the JSON.
        let (not_utf8, mut taken) = (check_utf8(&json, 0).err(), Ok(()));
        let checked = chain.push_large(json, clock::now(), &mut |block| taken = placed.take(&block));
        checked.map_err(|error| IntakeError::refused(error, || not_utf8))?;
        taken?;
        Ok(placed.stage.as_mut().map_or(Ok(()), StageWriter::write_now)?)
    }

    /// The hash of the first block, if it is ours at the requested height. A peer that ignores the requested height sends
    /// its whole chain.
    fn first_shared_block(&mut self, json: &[u8]) -> Result<Option<BlockHash>, IntakeError> {
        let asked = self.asked_from;
        if self.chain.tip().is_some() || asked == Height::GENESIS {
            return Ok(None);
        }
        // If it is not a block, the check refuses it with a better message.
        let Ok((height, hash)) = self.placed.ledger.rules().place(json) else { return Ok(None) };
        if height != asked.get() {
            return Ok(None);
        }
        if self.placed.compare_with_ours(asked, hash)? {
            Ok(Some(hash))
        } else {
            Err(IntakeError::Parted(asked))
        }
    }

    /// Continues from our own block: everything before it was checked when we took it.
    fn join(&mut self, hash: BlockHash) -> Result<(), IntakeError> {
        let height = self.asked_from;
        let chain = self.placed.resume(height)?;
        // Another chain may have become ours since the hashes were compared.
        if chain.tip().is_none_or(|tip| tip.hash != hash) {
            return Err(IntakeError::Parted(height));
        }
        (self.chain, self.placed.fork) = (chain, ForkPoint::Block { height, hash });
        Ok(())
    }

    /// Ends the chain. Returns `None` if it is valid but does not win over ours. Under some rules a shorter chain may win.
    /// [`IntakeError::Parted`] then makes the caller fetch it from further back.
    pub(super) fn finish(self) -> Result<Option<Candidate>, IntakeError> {
        let Self { chain, asked_from, placed: Placed { ledger, stage, fork, .. } } = self;
        let (tip, state) = match chain.tip().zip(chain.state()) {
            Some(end) => end,
            None if asked_from == Height::GENESIS => return Err(IntakeError::NoBlocks),
            // No block at the requested height: the chain is shorter.
            None if ledger.rules().length_decides() => return Ok(None),
            None => return Err(IntakeError::Parted(asked_from)),
        };
        let wins = ledger.rules().wins(&tip, &ledger.tip());
        Ok(stage.filter(|_| wins).map(|stage| Candidate { stage, fork, tip, state }))
    }
}

impl Placed {
    fn take(&mut self, block: &CheckedBlock<'_>) -> Result<(), IntakeError> {
        if self.stage.is_none() {
            if self.compare_with_ours(block.tip().height, block.hash())? {
                self.fork = block.tip().into();
                return Ok(());
            }
            self.stage = Some(StageWriter::new(&self.ledger)?);
        }
        if let Some(stage) = &mut self.stage {
            stage.append(block);
        }
        Ok(())
    }

    /// Compares a block with ours at the next height. If ours differs, checks that it is intact: a damaged block must not
    /// look like a fork.
    fn compare_with_ours(&mut self, height: Height, hash: BlockHash) -> Result<bool, StoreError> {
        let ours = self.take_our_hash(height)?;
        if ours.is_some_and(|ours| ours != hash) {
            let (rules, which) = (&**self.ledger.rules(), Which::At(height));
            let read = |snapshot: &_| blocks::find(snapshot, rules, &which, PAGE).map(drop);
            self.ledger.readers().snapshot(|snapshot| read(snapshot))?;
        }
        Ok(ours == Some(hash))
    }

    /// Takes the hash of our block at the next height, if there is one.
    fn take_our_hash(&mut self, height: Height) -> Result<Option<BlockHash>, StoreError> {
        if self.ours.is_empty() {
            let hashes = |snapshot: &_| blocks::hashes(snapshot, height.get(), HASHES);
            self.ours = self.ledger.readers().snapshot(|snapshot| hashes(snapshot))?.into();
        }
        Ok(self.ours.pop_front())
    }

    /// Our chain up to a height.
    fn resume(&self, height: Height) -> Result<Box<dyn Chain>, StoreError> {
        let read = |snapshot: &_| blocks::resume(snapshot, self.ledger.rules(), height);
        self.ledger.readers().snapshot(|snapshot| read(snapshot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{ledger, rewards, stage};

    #[test]
    fn join_fails_if_our_chain_was_replaced_meanwhile() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let genesis = ledger.tip();
        let ours = stage(&ledger, genesis, rewards("us", 1));
        let before = ours.tip;
        ours.adopt().unwrap().unwrap();
        let feed = || Feed::new(&ledger, before.height);
        feed().join(before.hash).unwrap();
        stage(&ledger, genesis, rewards("them", 2)).adopt().unwrap().unwrap();
        let refused = feed().join(before.hash);
        assert!(matches!(refused, Err(IntakeError::Parted(height)) if height == before.height));
    }
}
