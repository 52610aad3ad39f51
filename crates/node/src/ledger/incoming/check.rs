//! The blocks of another chain on its way in, checked one after the other, until the chain may become ours.

use std::collections::VecDeque;

use ledger_core::{Block, BlockHash, ForkPoint, StreamError, Tip, Verifier, fork};

use super::{Candidate, IntakeError, StageWriter};
use crate::ledger::{Ledger, MAX_BLOCK, PAGE};
use crate::store::StoreError;
use crate::store::blocks::{self, Which};

/// How many of our hashes are read at a time.
const HASHES: u64 = 4096;

/// The blocks of another chain, checked one after the other.
#[derive(Debug)]
pub(super) struct Check {
    ledger: Ledger,
    verifier: Verifier,
    asked_from: u64,
    /// The hashes of our blocks that come next, as long as the chains agree.
    ours: VecDeque<BlockHash>,
    stage: Option<StageWriter>,
    fork: ForkPoint,
}

impl Check {
    /// A check of a chain that was asked for from block `from` on.
    pub(super) fn new(ledger: &Ledger, from: u64) -> Self {
        Self {
            verifier: Verifier::new(ledger.rules()),
            ledger: ledger.clone(),
            asked_from: from,
            ours: VecDeque::new(),
            stage: None,
            fork: ForkPoint::Nothing,
        }
    }

    /// The index of the last block so far; 0 if there is none.
    pub(super) fn blocks(&self) -> u64 {
        self.verifier.tip().map_or(0, |tip| tip.height.get())
    }

    /// Takes the JSON of the next block.
    pub(super) fn small_block(&mut self, json: &[u8]) -> Result<(), IntakeError> {
        self.block(json)?;
        Ok(self.stage.as_mut().map_or(Ok(()), StageWriter::write_if_full)?)
    }

    /// Takes a large block, and leaves nothing of it in memory.
    pub(super) fn large_block(&mut self, json: Vec<u8>) -> Result<(), IntakeError> {
        self.block_in_little_memory(json)?;
        Ok(self.stage.as_mut().map_or(Ok(()), StageWriter::write_now)?)
    }

    /// Like [`block`](Self::block), but keeps no form of the block longer than it must.
    fn block_in_little_memory(&mut self, json: Vec<u8>) -> Result<(), IntakeError> {
        let index = self.next_index();
        let block = Block::from_json_within(&json, MAX_BLOCK)
            .map_err(|error| IntakeError::no_block(index, &json, error))?;
        if block.is_borrowed() {
            return self.take(index, &block);
        }
        // The members borrow from the JSON: both go before the rewritten text is read.
        let text = block.into_parts().1.into_owned();
        drop(json);
        let block = Block::from_json(text.as_bytes())
            .map_err(|error| IntakeError::no_block(index, text.as_bytes(), error))?;
        self.take(index, &block)
    }

    fn next_index(&self) -> u64 {
        self.blocks() + 1
    }

    fn block(&mut self, json: &[u8]) -> Result<(), IntakeError> {
        let index = self.next_index();
        let block = Block::from_json_within(json, MAX_BLOCK)
            .map_err(|error| IntakeError::no_block(index, json, error))?;
        self.take(index, &block)
    }

    fn take(&mut self, index: u64, block: &Block<'_>) -> Result<(), IntakeError> {
        let asked = self.asked_from;
        if self.verifier.tip().is_none() && asked > 1 && block.index == asked {
            return self.join(block);
        }
        if block.text().len() > MAX_BLOCK {
            return Err(StreamError::TooLong { offset: 0, limit: MAX_BLOCK }.into());
        }
        let tip = self.verifier.push(block)?;
        if self.stage.is_none() {
            if self.is_ours(index, block.hash())? {
                self.fork = tip.into();
                return Ok(());
            }
            self.stage = Some(StageWriter::new(&self.ledger)?);
        }
        if let Some(stage) = &mut self.stage {
            stage.append(block);
        }
        Ok(())
    }

    /// Goes on from a block that is ours: everything before it was checked when we took it.
    fn join(&mut self, block: &Block<'_>) -> Result<(), IntakeError> {
        if !self.is_ours(self.asked_from, block.hash())? {
            return Err(IntakeError::Parted(self.asked_from));
        }
        let tip = Tip::of(block).ok_or(IntakeError::Parted(self.asked_from))?;
        self.fork = tip.into();
        self.verifier = Verifier::resume(self.ledger.rules(), tip);
        Ok(())
    }

    /// Whether our block at the next height is this one. If it is another, it must be the one that we stored: a damaged
    /// one would part the chains where they do not part.
    fn is_ours(&mut self, height: u64, hash: BlockHash) -> Result<bool, StoreError> {
        let ours = self.our_hash(height)?;
        if ours.is_some_and(|ours| ours != hash) {
            let (rules, which) = (&**self.ledger.rule_set(), Which::Index(height));
            let read = |snapshot: &_| blocks::find(snapshot, rules, &which, PAGE).map(drop);
            self.ledger.readers().snapshot(|snapshot| read(snapshot))?;
        }
        Ok(ours == Some(hash))
    }

    /// The hash of our block at the next height, if there is one.
    fn our_hash(&mut self, height: u64) -> Result<Option<BlockHash>, StoreError> {
        if self.ours.is_empty() {
            self.ours =
                self.ledger.readers().snapshot(|snapshot| blocks::hashes(snapshot, height, HASHES))?.into();
        }
        Ok(self.ours.pop_front())
    }

    /// Ends the chain; none if it is valid but not longer than ours.
    pub(super) fn finish(self) -> Result<Option<Candidate>, IntakeError> {
        // Nothing from a block of ours on: the chain is shorter than ours.
        if self.asked_from > 1 && self.verifier.tip().is_none() {
            return Ok(None);
        }
        let tip = self.verifier.finish()?;
        let longer = fork::replaces(tip.height.get(), self.ledger.tip().height.get());
        Ok(self.stage.filter(|_| longer).map(|stage| Candidate { stage, fork: self.fork, tip }))
    }
}
