//! A whole chain on its way in, from a peer or a file: checked block by block while it arrives, and staged as
//! far as ours lacks it.

use std::collections::VecDeque;

use ledger_core::{
    BlockHash, BlockPart, ChainReader, EncodedBlock, EncodedView, Fault, ParseError, Printable, StreamError,
    Tip, Verifier, fork,
};

use super::large::on_its_thread;
use super::partial::Partial;
use super::{Ledger, MAX_BLOCK, PAGE, Refused, StageWriter};
use crate::store::StoreError;
use crate::store::blocks::{self, Which};

/// How many of our hashes are read at a time.
const HASHES: u64 = 4096;

/// A chain that is valid, longer than ours, and staged.
#[derive(Debug)]
pub struct Candidate {
    /// The blocks that ours lacks.
    pub stage: StageWriter,
    /// The height and hash of the last block in common, if there is one.
    pub fork: Option<(u64, BlockHash)>,
    /// The last block.
    pub tip: Tip,
}

/// What ends the intake of a chain.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The bytes are no chain.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// An element of the chain is no block.
    #[error("block {index}: {}", Printable::foreign(error))]
    Parse {
        /// Its place in the chain, from 1.
        index: u64,
        /// What is wrong.
        error: ParseError,
    },
    /// The chain breaks a rule.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The chain was asked for from a block on that it does not share with ours.
    #[error("the chains part before block {0}")]
    Parted(u64),
    /// Our own store failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for IntakeError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// Takes in one chain, in constant memory. Dropping it leaves nothing behind. Its calls block the thread.
#[derive(Debug)]
pub struct Intake {
    reader: ChainReader,
    partial: Partial,
    /// None if it was lost with a thread that failed.
    check: Option<Check>,
}

impl Intake {
    /// An intake of a chain that was asked for from block `from` on: 1 for all of it. A peer that does not know the
    /// question sends all of it, too.
    pub fn new(ledger: &Ledger, from: u64) -> Self {
        let check = Check {
            verifier: Verifier::new(ledger.rules()),
            ledger: ledger.clone(),
            asked_from: from,
            ours: VecDeque::new(),
            stage: None,
            fork: None,
        };
        let partial = Partial::new(ledger.directory().to_owned());
        Self { reader: ChainReader::new(MAX_BLOCK), partial, check: Some(check) }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// The first [`IntakeError`]; the intake is of no use afterwards.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), IntakeError> {
        let Self { reader, partial, check } = self;
        reader.feed_parts(piece, |part| match part {
            BlockPart::More(bytes) => Ok(partial.add(bytes)?),
            BlockPart::Last(bytes) if partial.is_empty() => ready(check)?.small_block(bytes),
            BlockPart::Last(bytes) => {
                partial.add(bytes)?;
                if partial.is_large() {
                    large_block(check, partial)
                } else {
                    ready(check)?.small_block(&partial.take()?)
                }
            }
        })
    }

    /// How many of the bytes taken in were of no block.
    pub fn outside_blocks(&self) -> u64 {
        self.reader.outside_blocks()
    }

    /// How many blocks have been taken in.
    pub fn blocks(&self) -> u64 {
        self.check.as_ref().and_then(|check| check.verifier.tip()).map_or(0, |tip| tip.index)
    }

    /// Ends the chain; none if it is valid but not longer than ours.
    ///
    /// # Errors
    ///
    /// [`IntakeError`] if it ended too early.
    pub fn finish(self) -> Result<Option<Candidate>, IntakeError> {
        self.reader.finish()?;
        self.check.ok_or(Refused::Failed)?.finish()
    }
}

#[derive(Debug)]
struct Check {
    ledger: Ledger,
    verifier: Verifier,
    asked_from: u64,
    /// The hashes of our blocks that come next, as long as the chains agree.
    ours: VecDeque<BlockHash>,
    stage: Option<StageWriter>,
    fork: Option<(u64, BlockHash)>,
}

fn ready(check: &mut Option<Check>) -> Result<&mut Check, Refused> {
    check.as_mut().ok_or(Refused::Failed)
}

/// Has a large block checked where large blocks are.
fn large_block(check: &mut Option<Check>, partial: &mut Partial) -> Result<(), IntakeError> {
    let (mut its_check, mut block) = (check.take().ok_or(Refused::Failed)?, partial.split_off());
    let work = move || {
        let result = block.take().map_err(Into::into).and_then(|json| its_check.large_block(json));
        (its_check, result)
    };
    let (its_check, result) = on_its_thread(work).ok_or(Refused::Failed)?;
    *check = Some(its_check);
    result
}

impl Check {
    fn small_block(&mut self, json: &[u8]) -> Result<(), IntakeError> {
        self.block(json)?;
        Ok(self.stage.as_mut().map_or(Ok(()), StageWriter::write_if_full)?)
    }

    /// Takes a large block, and leaves nothing of it in memory.
    fn large_block(&mut self, json: Vec<u8>) -> Result<(), IntakeError> {
        self.block_in_little_memory(json)?;
        Ok(self.stage.as_mut().map_or(Ok(()), StageWriter::write_now)?)
    }

    /// Like [`block`](Self::block), but keeps no form of the block longer than it must.
    fn block_in_little_memory(&mut self, json: Vec<u8>) -> Result<(), IntakeError> {
        let index = self.next_index();
        if let Some(block) = EncodedView::of_canonical(&json) {
            return self.take(index, &block);
        }
        let block = EncodedBlock::from_json_within(&json, MAX_BLOCK)
            .map_err(|error| IntakeError::Parse { index, error })?;
        drop(json);
        let (block, text) = block.into_parts();
        if let Some(view) = EncodedView::of_canonical(text.as_bytes()) {
            drop(block);
            return self.take(index, &view);
        }
        drop(text);
        self.take(index, &(&EncodedBlock::new(block)).into())
    }

    fn next_index(&self) -> u64 {
        self.verifier.tip().map_or(1, |tip| tip.index + 1)
    }

    fn block(&mut self, json: &[u8]) -> Result<(), IntakeError> {
        let index = self.next_index();
        if let Some(block) = EncodedView::of_canonical(json) {
            return self.take(index, &block);
        }
        let block = EncodedBlock::from_json_within(json, MAX_BLOCK)
            .map_err(|error| IntakeError::Parse { index, error })?;
        self.take(index, &(&block).into())
    }

    fn take(&mut self, index: u64, block: &EncodedView<'_>) -> Result<(), IntakeError> {
        let asked = self.asked_from;
        if self.verifier.tip().is_none() && asked > 1 && block.block().header.index == asked {
            return self.join(block);
        }
        if block.text().len() > MAX_BLOCK {
            return Err(StreamError::TooLong { offset: 0, limit: MAX_BLOCK }.into());
        }
        self.verifier.push_view(block)?;
        if self.stage.is_none() {
            if self.is_ours(index, block.hash())? {
                self.fork = Some((index, block.hash()));
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
    fn join(&mut self, block: &EncodedView<'_>) -> Result<(), IntakeError> {
        if !self.is_ours(self.asked_from, block.hash())? {
            return Err(IntakeError::Parted(self.asked_from));
        }
        self.fork = Some((self.asked_from, block.hash()));
        self.verifier = Verifier::resume(self.ledger.rules(), Tip::of_view(block));
        Ok(())
    }

    /// Whether our block at the next height is this one. If it is another, it must be the one that we stored: a damaged
    /// one would part the chains where they do not part.
    fn is_ours(&mut self, height: u64, hash: BlockHash) -> Result<bool, StoreError> {
        let ours = self.our_hash(height)?;
        if ours.is_some_and(|ours| ours != hash) {
            let read = |snapshot: &_| blocks::find(snapshot, &Which::Index(height), PAGE).map(drop);
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

    fn finish(self) -> Result<Option<Candidate>, IntakeError> {
        // Nothing from a block of ours on: the chain is shorter than ours.
        if self.asked_from > 1 && self.verifier.tip().is_none() {
            return Ok(None);
        }
        let tip = self.verifier.finish()?;
        let longer = fork::replaces(tip.index, self.ledger.tip().index);
        Ok(self.stage.filter(|_| longer).map(|stage| Candidate { stage, fork: self.fork, tip }))
    }
}
