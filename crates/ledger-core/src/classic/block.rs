//! A block with its canonical text and hash.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use crate::classic::encode;
use crate::classic::members::Members;
use crate::hash::BlockHash;
use crate::position::Timestamp;

/// A block: its members, its canonical text and the hash of that text.
///
/// Borrows the text if the block was read in place ([`Block::of_canonical`]), and owns it otherwise.
///
/// serde writes the text, in every format. So the block keeps its hash through formats that have no `NaN`, do not describe
/// their values (bincode, postcard) or write 5.0 as 5 (JavaScript's values, JSON5).
///
/// Stored bytes are hashed bytes: a store keeps [`text`](Self::text) and never encodes a block a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    members: Members<'a>,
    text: Cow<'a, str>,
    hash: BlockHash,
}

impl<'a> Block<'a> {
    /// Writes the canonical text of a block and hashes it.
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

    /// A block that was read from this canonical text, with the text's hash.
    pub(super) fn from_parts(members: Members<'a>, text: Cow<'a, str>, hash: BlockHash) -> Self {
        Self { members, text, hash }
    }

    /// The block's members.
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

    /// Whether the text is borrowed: the block was read in place.
    #[must_use]
    pub fn is_borrowed(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    /// Copies borrowed texts.
    #[must_use]
    pub fn into_owned(self) -> Block<'static> {
        let text = Cow::Owned(self.text.into_owned());
        Block { members: self.members.into_owned(), text, hash: self.hash }
    }

    /// Splits the block into members and text.
    #[must_use]
    pub fn into_parts(self) -> (Members<'a>, Cow<'a, str>) {
        (self.members, self.text)
    }
}

/// Read access to the members. Nothing can change them, so the text and hash stay true.
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
