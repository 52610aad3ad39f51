//! Takes in a chain from a peer or a file: checks it block by block while it arrives, and stages the blocks that ours
//! lacks.

use std::sync::Arc;

use ledger_core::{BlockPart, ChainReader, Height, Tip};

use super::feed::Feed;
use super::partial::Partial;
use super::{Candidate, IntakeError, LargeBlocks};
use crate::ledger::{ChangeError, Ledger};
use crate::system::threads::Panicked;
use crate::text::{Decoder, Looks};

/// The work that a panic's message names.
const LARGE_BLOCK: &str = "checking a large block";

/// Takes in one chain, in constant memory. Dropping it removes everything staged. Its calls block the thread.
#[derive(Debug)]
pub struct Intake {
    text: Decoder,
    blocks: Blocks,
}

/// Cuts the blocks of a chain out of its text.
#[derive(Debug)]
struct Blocks {
    reader: ChainReader,
    /// The first bytes of the text.
    begin: Vec<u8>,
    /// The number of bytes read so far.
    read: u64,
    partial: Partial,
    large: Arc<LargeBlocks>,
    /// `None` after a panic on the thread for large blocks.
    chain: Option<Feed>,
}

impl Intake {
    /// An intake of a chain that was requested from a height on. A peer that ignores the height sends its whole chain,
    /// which is accepted, too.
    pub fn new(ledger: &Ledger, from: Height) -> Self {
        let blocks = Blocks {
            reader: ChainReader::new(ledger.rules().limits().block_bytes),
            begin: Vec::new(),
            read: 0,
            partial: Partial::new(ledger.directory().to_owned()),
            large: Arc::clone(&ledger.0.large),
            chain: Some(Feed::new(ledger, from)),
        };
        Self { text: Decoder::default(), blocks }
    }

    /// Takes the next bytes, in any encoding of JSON.
    ///
    /// # Errors
    ///
    /// The first [`IntakeError`]; do not use the intake after it.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), IntakeError> {
        let Self { text, blocks } = self;
        text.feed(piece, |text| blocks.feed(text))
    }

    /// The bytes of blocks so far, as UTF-8.
    pub fn block_bytes(&self) -> u64 {
        self.blocks.read - self.blocks.reader.outside_blocks()
    }

    /// The tip so far; `None` before the first block.
    pub fn tip(&self) -> Option<Tip> {
        self.blocks.chain.as_ref().and_then(Feed::tip)
    }

    /// Ends the chain. Returns `None` if it is valid but does not win over ours.
    ///
    /// # Errors
    ///
    /// [`IntakeError`] if the chain ended too early.
    pub fn finish(self) -> Result<Option<Candidate>, IntakeError> {
        let Self { text, mut blocks } = self;
        text.finish(|text| blocks.feed(text))?;
        if blocks.begin.trim_ascii().is_empty() {
            return Err(IntakeError::Empty);
        }
        blocks.reader.finish()?;
        blocks.chain.ok_or_else(lost)?.finish()
    }
}

impl Blocks {
    fn feed(&mut self, text: &[u8]) -> Result<(), IntakeError> {
        let Self { reader, begin, read, partial, large, chain } = self;
        let missing = Looks::LOOKS_AT.saturating_sub(begin.len());
        begin.extend_from_slice(&text[..text.len().min(missing)]);
        *read += text.len() as u64;
        let fed = reader.feed_parts(text, |part| match part {
            BlockPart::More(bytes) => Ok(partial.add(bytes)?),
            BlockPart::Last(bytes) if partial.is_empty() => ready(chain)?.small_block(bytes),
            BlockPart::Last(bytes) => {
                partial.add(bytes)?;
                if partial.is_large() {
                    large_block(large, chain, partial)
                } else {
                    ready(chain)?.small_block(&partial.take()?)
                }
            }
        });
        fed.map_err(|error: IntakeError| error.seen(begin))
    }
}

fn ready(chain: &mut Option<Feed>) -> Result<&mut Feed, ChangeError> {
    chain.as_mut().ok_or_else(lost)
}

/// The error after a panic, which was reported when it happened.
fn lost() -> ChangeError {
    Panicked::new(LARGE_BLOCK, "it panicked on an earlier block").into()
}

/// Checks a large block on the thread for large blocks.
fn large_block(
    large: &LargeBlocks,
    chain: &mut Option<Feed>,
    partial: &mut Partial,
) -> Result<(), IntakeError> {
    let (mut moved, mut block) = (chain.take().ok_or_else(lost)?, partial.split_off());
    let work = move || {
        let result = block.take().map_err(Into::into).and_then(|json| moved.large_block(json));
        (moved, result)
    };
    let (returned, result) = large.run(LARGE_BLOCK, work).map_err(ChangeError::from)?;
    *chain = Some(returned);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::ledger;
    use crate::system::threads::testing::{MESSAGE, let_panic};

    #[test]
    fn panic_at_a_large_block_is_reported_with_its_message() {
        let directory = tempfile::tempdir().unwrap();
        let mut intake = Intake::new(&ledger(&directory), Height::GENESIS);
        let block = format!("{{\"recipient\": \"{}\"}}", "x".repeat(1 << 20));
        intake.feed(b"{\"chain\": [").unwrap();
        let_panic(LARGE_BLOCK);
        intake.feed(&block.as_bytes()[..1 << 19]).unwrap();
        let refused = intake.feed(&block.as_bytes()[1 << 19..]).unwrap_err();
        assert_eq!(refused.to_string(), format!("checking a large block failed: {MESSAGE}"));
    }
}
