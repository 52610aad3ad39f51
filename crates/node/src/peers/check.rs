//! Checking a peer's chain block by block while it arrives, and staging what ours lacks.

use std::collections::VecDeque;

use bytes::Bytes;
use ledger_core::{
    BlockHash, ChainReader, EncodedBlock, Fault, ParseError, StreamError, Tip, Verifier, fork,
};
use tokio::sync::mpsc::Receiver;

use crate::ledger::{Ledger, MAX_BLOCK, Refused, StageWriter};
use crate::store::{StoreError, blocks};

/// How many of our hashes are read at a time.
const HASHES: u64 = 4096;

/// A peer's chain that is valid, longer than ours, and staged.
#[derive(Debug)]
pub struct Candidate {
    /// The blocks that ours lacks.
    pub stage: StageWriter,
    /// The height of the last block in common.
    pub fork: u64,
    /// The last block.
    pub tip: Tip,
}

/// What ends the check of a peer's chain.
#[derive(Debug, thiserror::Error)]
pub enum PeerFault {
    /// The answer is no chain.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// An element of the chain is no block.
    #[error("block {index}: {error}")]
    Parse {
        /// Its place in the chain, from 1.
        index: u64,
        /// What is wrong.
        error: ParseError,
    },
    /// The chain breaks a rule.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Our own store failed.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl From<StoreError> for PeerFault {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// Checks the chain that arrives in pieces; none if it is valid but not longer than ours. Blocks the thread.
///
/// # Errors
///
/// The first [`PeerFault`]; nothing is staged then.
pub(super) fn check(ledger: &Ledger, mut pieces: Receiver<Bytes>) -> Result<Option<Candidate>, PeerFault> {
    let mut check = Check {
        ledger,
        verifier: Verifier::new(ledger.rules()),
        ours: VecDeque::new(),
        stage: None,
        fork: 0,
    };
    let mut reader = ChainReader::new(MAX_BLOCK);
    while let Some(piece) = pieces.blocking_recv() {
        reader.feed(&piece, |json| check.block(json))?;
    }
    reader.finish()?;
    check.finish()
}

struct Check<'a> {
    ledger: &'a Ledger,
    verifier: Verifier,
    /// The hashes of our blocks that come next, as long as the chains agree.
    ours: VecDeque<BlockHash>,
    stage: Option<StageWriter>,
    fork: u64,
}

impl Check<'_> {
    fn block(&mut self, json: &[u8]) -> Result<(), PeerFault> {
        let index = self.verifier.tip().map_or(1, |tip| tip.index + 1);
        let block = EncodedBlock::from_json(json).map_err(|error| PeerFault::Parse { index, error })?;
        self.verifier.push_encoded(&block)?;
        if self.stage.is_none() {
            if self.our_hash(index)? == Some(block.hash()) {
                self.fork = index;
                return Ok(());
            }
            self.stage = Some(StageWriter::new(self.ledger)?);
        }
        if let Some(stage) = &mut self.stage {
            stage.append(block)?;
        }
        Ok(())
    }

    /// The hash of our block at the next height, if there is one.
    fn our_hash(&mut self, height: u64) -> Result<Option<BlockHash>, StoreError> {
        if self.ours.is_empty() {
            self.ours =
                self.ledger.readers().snapshot(|snapshot| blocks::hashes(snapshot, height, HASHES))?.into();
        }
        Ok(self.ours.pop_front())
    }

    fn finish(self) -> Result<Option<Candidate>, PeerFault> {
        let tip = self.verifier.finish()?;
        let longer = fork::replaces(tip.index, self.ledger.tip().index);
        Ok(self.stage.filter(|_| longer).map(|stage| Candidate { stage, fork: self.fork, tip }))
    }
}
