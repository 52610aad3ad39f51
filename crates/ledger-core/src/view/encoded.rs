//! A block with its canonical text and hash, neither of them copied.

use super::{BlockView, read};
use crate::encoded::EncodedBlock;
use crate::hash::BlockHash;

/// A [`BlockView`], its canonical text and its hash, which belong together: [`EncodedBlock`] without copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedView<'a> {
    block: BlockView<'a>,
    text: &'a str,
    hash: BlockHash,
}

impl<'a> EncodedView<'a> {
    /// Reads a block in place and hashes it, if the bytes are its canonical text and no string in it has an escape.
    ///
    /// None says nothing about the bytes: they may be a block all the same, for [`EncodedBlock::from_json`] to read.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{Block, EncodedBlock, EncodedView, Timestamp};
    ///
    /// let block = EncodedBlock::new(Block::genesis(Timestamp::from_micros(0)));
    /// let view = EncodedView::of_canonical(block.text().as_bytes()).expect("the text is canonical");
    /// assert_eq!(view, EncodedView::from(&block));
    /// assert_eq!(view.hash(), block.hash());
    /// ```
    pub fn of_canonical(text: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let block = read::block(text)?;
        Some(Self { block, text, hash: BlockHash::of_text(text) })
    }

    /// The block.
    pub fn block(&self) -> &BlockView<'a> {
        &self.block
    }

    /// The canonical text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The hash of the text.
    pub fn hash(&self) -> BlockHash {
        self.hash
    }
}

impl<'a> From<&'a EncodedBlock> for EncodedView<'a> {
    fn from(encoded: &'a EncodedBlock) -> Self {
        Self { block: encoded.block().into(), text: encoded.text(), hash: encoded.hash() }
    }
}
