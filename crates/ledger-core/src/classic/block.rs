//! A block together with the text that was hashed for it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use crate::classic::encode;
use crate::classic::members::Members;
use crate::hash::BlockHash;
use crate::position::Timestamp;

/// A block: what it says, its canonical text and the hash of that text.
///
/// It borrows the bytes that it was read from where they are canonical, and owns what had to be written.
///
/// In serde it is that text, in every format: the way for a block to keep its hash through formats that have no `NaN`, do
/// not say what their values are (bincode, postcard) or write 5.0 as 5 (JavaScript's values, JSON5).
///
/// Stored bytes are hashed bytes: a store keeps [`text`](Self::text) and never encodes a block a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    members: Members<'a>,
    text: Cow<'a, str>,
    hash: BlockHash,
}

impl<'a> Block<'a> {
    /// Writes and hashes a block.
    #[must_use]
    pub fn new(members: Members<'a>) -> Self {
        let text = encode::text(&members);
        let hash = BlockHash::of_text(&text);
        Self { members, text: Cow::Owned(text), hash }
    }

    /// The first block of a new chain: index 1, proof 1, previous_hash 1, no transactions (tutorial, section 3.3).
    #[must_use]
    pub fn genesis(timestamp: Timestamp) -> Self {
        Self::new(Members::genesis(timestamp))
    }

    /// A block that was read from this canonical text, which has this hash.
    pub(super) fn of_parts(members: Members<'a>, text: Cow<'a, str>, hash: BlockHash) -> Self {
        Self { members, text, hash }
    }

    /// What it says.
    #[must_use]
    pub fn members(&self) -> &Members<'a> {
        &self.members
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
        Block { members: self.members.into_owned(), text, hash: self.hash }
    }

    /// Takes the block apart into members and text.
    #[must_use]
    pub fn into_parts(self) -> (Members<'a>, Cow<'a, str>) {
        (self.members, self.text)
    }
}

/// The block's members, to be read. What is hashed does not change.
impl<'a> Deref for Block<'a> {
    type Target = Members<'a>;

    fn deref(&self) -> &Members<'a> {
        &self.members
    }
}

/// Writes the canonical text.
impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'a> From<Members<'a>> for Block<'a> {
    fn from(members: Members<'a>) -> Self {
        Self::new(members)
    }
}
