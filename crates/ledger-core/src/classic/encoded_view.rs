//! A block with its canonical text and hash, neither of them copied.

use crate::classic::read;
use crate::classic::view::BlockView;
use crate::hash::BlockHash;

/// A [`BlockView`], its canonical text and its hash, which belong together: [`EncodedBlock`](crate::EncodedBlock) without copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedView<'a> {
    pub(super) block: BlockView<'a>,
    pub(super) text: &'a str,
    pub(super) hash: BlockHash,
}

impl<'a> EncodedView<'a> {
    /// Reads a block in place and hashes it, if [`BlockView::of_canonical`] can.
    ///
    /// None says nothing about the bytes: they may be a block all the same, for
    /// [`EncodedBlock::from_json`](crate::EncodedBlock::from_json) to read.
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
    #[must_use]
    pub fn of_canonical(text: &'a [u8]) -> Option<Self> {
        let (text, block) = Self::read(text)?;
        Some(Self { block, text, hash: BlockHash::of_text(text) })
    }

    /// Does for each text what [`EncodedView::of_canonical`] does, and computes the hashes together: faster where the
    /// processor can hash several texts at a time.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{Block, EncodedBlock, EncodedView, Timestamp};
    ///
    /// let block = EncodedBlock::new(Block::genesis(Timestamp::from_micros(0)));
    /// let views = EncodedView::of_canonical_all(&[block.text().as_bytes(), b"no block"]);
    /// assert_eq!(views, [Some(EncodedView::from(&block)), None]);
    /// ```
    #[must_use]
    pub fn of_canonical_all(texts: &[&'a [u8]]) -> Vec<Option<Self>> {
        let read: Vec<_> = texts.iter().map(|text| Self::read(text)).collect();
        let canonical: Vec<_> = read.iter().flatten().map(|(text, _)| text.as_bytes()).collect();
        let mut hashes = BlockHash::of_texts(&canonical).into_iter();
        let mut with_hash = |(text, block)| hashes.next().map(|hash| Self { block, text, hash });
        read.into_iter().map(|read| read.and_then(&mut with_hash)).collect()
    }

    /// A canonical text and its block.
    fn read(text: &'a [u8]) -> Option<(&'a str, BlockView<'a>)> {
        let text = std::str::from_utf8(text).ok()?;
        Some((text, read::block_in_place(text)?))
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &BlockView<'a> {
        &self.block
    }

    /// The canonical text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The hash of the text.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        self.hash
    }
}
