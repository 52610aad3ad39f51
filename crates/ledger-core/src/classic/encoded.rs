//! A block together with the text that was hashed for it.

use std::fmt;
use std::str::FromStr;

use crate::classic::block::Block;
use crate::classic::encode;
use crate::classic::encoded_view::EncodedView;
use crate::classic::read::{self, ParseError};
use crate::hash::BlockHash;

/// A block, its canonical text and its hash, which belong together: the text is the block's and the hash is the text's.
///
/// In serde it is that text, in every format: the way for a block to keep its hash through formats that have no `NaN`, do
/// not say what their values are (bincode, postcard) or write 5.0 as 5 (JavaScript's values, JSON5).
///
/// Stored bytes are hashed bytes: a store keeps [`text`](Self::text) and never encodes a block a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedBlock {
    block: Block,
    text: String,
    hash: BlockHash,
}

impl EncodedBlock {
    /// Writes and hashes a block.
    #[must_use]
    pub fn new(block: Block) -> Self {
        let text = encode::text(&block);
        let hash = BlockHash::of_text(&text);
        Self { block, text, hash }
    }

    /// Reads a block from JSON of any layout, writes it if that is not its canonical text, and hashes it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] when the JSON is not a block.
    pub fn from_json(json: &[u8]) -> Result<Self, ParseError> {
        Self::from_json_within(json, usize::MAX)
    }

    /// Does what [`EncodedBlock::from_json`] does, and refuses a block whose canonical text has more bytes than `limit`
    /// before any of it is written: it may be six times as long as the JSON.
    ///
    /// # Errors
    ///
    /// [`ParseError`] when the JSON is not a block, or one with too long a text.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{EncodedBlock, ParseError};
    ///
    /// let json = r#"{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1, "transactions": []}"#;
    /// assert!(EncodedBlock::from_json_within(json.as_bytes(), json.len()).is_ok());
    /// let refused = EncodedBlock::from_json_within(json.as_bytes(), json.len() - 1);
    /// assert!(matches!(refused, Err(ParseError::TooLong { .. })));
    /// ```
    pub fn from_json_within(json: &[u8], limit: usize) -> Result<Self, ParseError> {
        match EncodedView::of_canonical(json) {
            Some(view) if json.len() <= limit => {
                Ok(Self { block: view.block().to_block(), text: view.text().to_owned(), hash: view.hash() })
            }
            _ => read::block(json, limit).map(Self::new),
        }
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &Block {
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

    /// Takes the pair apart into the block and its text.
    #[must_use]
    pub fn into_parts(self) -> (Block, String) {
        (self.block, self.text)
    }
}

impl<'a> From<&'a EncodedBlock> for EncodedView<'a> {
    fn from(encoded: &'a EncodedBlock) -> Self {
        Self { block: (&encoded.block).into(), text: &encoded.text, hash: encoded.hash }
    }
}

/// Writes the canonical text.
impl fmt::Display for EncodedBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads what [`EncodedBlock::from_json`] reads.
impl FromStr for EncodedBlock {
    type Err = ParseError;

    fn from_str(json: &str) -> Result<Self, ParseError> {
        Self::from_json(json.as_bytes())
    }
}

impl From<Block> for EncodedBlock {
    fn from(block: Block) -> Self {
        Self::new(block)
    }
}
