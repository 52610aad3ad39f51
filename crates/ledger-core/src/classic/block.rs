//! A block together with the text that was hashed for it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use crate::classic::encode;
use crate::classic::members::Members;
use crate::hash::BlockHash;

/// A block, its canonical text and its hash, which belong together: the text is the block's and the hash is the text's.
///
/// It borrows the bytes that it was read from where they are canonical, and owns what had to be written.
///
/// In serde it is that text, in every format: the way for a block to keep its hash through formats that have no `NaN`, do
/// not say what their values are (bincode, postcard) or write 5.0 as 5 (JavaScript's values, JSON5).
///
/// Stored bytes are hashed bytes: a store keeps [`text`](Self::text) and never encodes a block a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    block: Members<'a>,
    text: Cow<'a, str>,
    hash: BlockHash,
}

impl<'a> Block<'a> {
    /// Writes and hashes a block.
    #[must_use]
    pub fn new(block: Members<'a>) -> Self {
        let text = encode::text(&block);
        let hash = BlockHash::of_text(&text);
        Self { block, text: Cow::Owned(text), hash }
    }

    /// A block that was read from this canonical text, which has this hash.
    pub(super) fn of_canonical_parts(block: Members<'a>, text: &'a str, hash: BlockHash) -> Self {
        Self { block, text: Cow::Borrowed(text), hash }
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &Members<'a> {
        &self.block
    }

    /// The canonical text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The hash of the text.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        self.hash
    }

    /// Whether the text is borrowed: it was canonical, and the block was read in place.
    #[must_use]
    pub fn is_borrowed(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    /// The block with texts of its own.
    #[must_use]
    pub fn into_owned(self) -> Block<'static> {
        let text = Cow::Owned(self.text.into_owned());
        Block { block: self.block.into_owned(), text, hash: self.hash }
    }

    /// Takes the pair apart into the block and its text.
    #[must_use]
    pub fn into_parts(self) -> (Members<'a>, Cow<'a, str>) {
        (self.block, self.text)
    }
}

/// The block's members, to be read. What is hashed does not change.
impl<'a> Deref for Block<'a> {
    type Target = Members<'a>;

    fn deref(&self) -> &Members<'a> {
        &self.block
    }
}

/// Writes the canonical text.
impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'a> From<Members<'a>> for Block<'a> {
    fn from(block: Members<'a>) -> Self {
        Self::new(block)
    }
}
