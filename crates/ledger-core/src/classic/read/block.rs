//! Blocks that are hashed as they are read.

use std::borrow::Cow;
use std::str::FromStr;

use super::in_place;
use super::members::block;
use crate::classic::block::Block;
use crate::classic::members::Members;
use crate::hash::BlockHash;
use crate::seam::ParseError;

impl<'a> Block<'a> {
    /// Reads a block from JSON of any layout and hashes its canonical text.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if the JSON is not a block.
    pub fn from_json(json: &'a [u8]) -> Result<Self, ParseError> {
        Self::from_json_within(json, usize::MAX)
    }

    /// Like [`Block::from_json`], but refuses a block whose canonical text has more than `limit` bytes before writing the
    /// text: it may be six times as long as the JSON.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if the JSON is not a block, or its canonical text is too long.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{Block, ParseError};
    ///
    /// let json = r#"{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1, "transactions": []}"#;
    /// assert!(Block::from_json_within(json.as_bytes(), json.len()).is_ok());
    /// let refused = Block::from_json_within(json.as_bytes(), json.len() - 1);
    /// assert!(matches!(refused, Err(ParseError::TooLong { .. })));
    /// ```
    pub fn from_json_within(json: &'a [u8], limit: usize) -> Result<Self, ParseError> {
        match Self::of_canonical(json) {
            Some(read) if json.len() <= limit => Ok(read),
            _ => block(json, limit).map(Self::new),
        }
    }

    /// Reads a block in place and hashes it, if [`Members::of_canonical`] can read it.
    ///
    /// `None` does not mean that the bytes are not a block: [`Block::from_json`] may still read one.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{Members, Block, Timestamp};
    ///
    /// let block = Block::new(Members::genesis(Timestamp::from_micros(0)));
    /// let read = Block::of_canonical(block.text().as_bytes()).expect("the text is canonical");
    /// assert!(read.is_borrowed());
    /// assert_eq!(read, block);
    /// ```
    #[must_use]
    pub fn of_canonical(text: &'a [u8]) -> Option<Self> {
        let (text, block) = in_place_with_text(text)?;
        Some(Self::from_parts(block, Cow::Borrowed(text), BlockHash::of_text(text)))
    }

    /// Calls [`Block::of_canonical`] for each text and computes the hashes together, which is faster where the processor
    /// can hash several texts at a time.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{Members, Block, Timestamp};
    ///
    /// let block = Block::new(Members::genesis(Timestamp::from_micros(0)));
    /// let read = Block::of_canonical_all(&[block.text().as_bytes(), b"no block"]);
    /// assert_eq!(read, [Some(block.clone()), None]);
    /// ```
    #[must_use]
    pub fn of_canonical_all(texts: &[&'a [u8]]) -> Vec<Option<Self>> {
        let read: Vec<_> = texts.iter().map(|text| in_place_with_text(text)).collect();
        let canonical: Vec<_> = read.iter().flatten().map(|(text, _)| text.as_bytes()).collect();
        let mut hashes = BlockHash::of_texts(&canonical).into_iter();
        let mut with_hash =
            |(text, block)| hashes.next().map(|hash| Self::from_parts(block, Cow::Borrowed(text), hash));
        read.into_iter().map(|read| read.and_then(&mut with_hash)).collect()
    }
}

impl Block<'static> {
    /// Reads a block from an owned text of any layout, and keeps the text if it is canonical.
    pub(in crate::classic) fn of_text(text: String) -> Result<Self, ParseError> {
        let read = Block::from_json(text.as_bytes())?;
        let hash = read.hash();
        let (members, canonical) = read.into_parts();
        let members = members.into_owned();
        let rewritten = match canonical {
            Cow::Owned(rewritten) => Some(rewritten),
            Cow::Borrowed(_) => None,
        };
        Ok(Self::from_parts(members, Cow::Owned(rewritten.unwrap_or(text)), hash))
    }
}

/// Like [`Block::from_json`], but copies the texts.
impl FromStr for Block<'_> {
    type Err = ParseError;

    fn from_str(json: &str) -> Result<Self, ParseError> {
        Block::from_json(json.as_bytes()).map(Block::into_owned)
    }
}

/// A canonical text and its block.
fn in_place_with_text(text: &[u8]) -> Option<(&str, Members<'_>)> {
    let text = std::str::from_utf8(text).ok()?;
    Some((text, in_place::block(text)?))
}
