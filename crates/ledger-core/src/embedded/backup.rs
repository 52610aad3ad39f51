//! A whole chain as one text, as `GET /chain` returns it and `node export` writes it.

use std::fmt::Write;

use super::blockchain::Blockchain;
use crate::classic::{Block, ClassicRules, RuleViolation};
use crate::seam::ParseError;
use crate::stream::{ChainReader, StreamError};

/// The mark that some editors and shells on Windows write before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Why a text is not a valid chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The text does not have the layout of a chain, or is cut off.
    #[error("at block {block}: {error}")]
    Layout {
        /// The position of the block that was expected, from 1.
        block: u64,
        /// What is wrong.
        error: StreamError,
    },
    /// A block is not well-formed.
    #[error("block {block}: {error}")]
    Block {
        /// Its position in the chain, from 1.
        block: u64,
        /// What is wrong with it.
        error: ParseError,
    },
    /// A block breaks a rule.
    #[error(transparent)]
    Rule(#[from] RuleViolation),
}

impl From<StreamError> for LoadError {
    fn from(error: StreamError) -> Self {
        Self::Layout { block: 1, error }
    }
}

impl Blockchain {
    /// Reads and checks a whole chain: a file from `node export`, or the response to `GET /chain` of any node, including
    /// Python ones. Skips a byte order mark.
    ///
    /// # Errors
    ///
    /// [`LoadError`] naming the block that is not well-formed or breaks a rule.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{Blockchain, Difficulty, ClassicRules, Timestamp};
    ///
    /// let rules = ClassicRules::new(Difficulty::default());
    /// let ledger = Blockchain::new(rules, Timestamp::from_micros(1_506_057_125_900_785));
    /// let backup = ledger.to_json();
    /// assert_eq!(Blockchain::from_json(rules, backup.as_bytes())?.blocks(), ledger.blocks());
    ///
    /// let forged = backup.replace("\"index\": 1", "\"index\": 7");
    /// let refused = Blockchain::from_json(rules, forged.as_bytes()).unwrap_err();
    /// assert_eq!(refused.to_string(), "block 1: index is 7, expected 1");
    /// # Ok::<(), ledger_core::LoadError>(())
    /// ```
    pub fn from_json(rules: ClassicRules, json: &[u8]) -> Result<Self, LoadError> {
        let json = json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json);
        let (mut ledger, mut height): (Option<Self>, _) = (None, 1);
        let mut reader = ChainReader::new(json.len());
        let fed = reader.feed(json, |block| {
            let block = Block::from_json(block).map_err(|error| LoadError::Block { block: height, error })?;
            match &mut ledger {
                None => ledger = Some(Self::begin(rules, block.into_owned())?),
                Some(ledger) => ledger.append(block.into_owned())?,
            }
            height += 1;
            Ok(())
        });
        fed.and_then(|()| Ok(reader.finish()?)).map_err(|error| match error {
            LoadError::Layout { error, .. } => LoadError::Layout { block: height, error },
            other => other,
        })?;
        Ok(ledger.ok_or(RuleViolation::Empty)?)
    }

    /// The chain as [`from_json`](Self::from_json) and `node import` read it: byte for byte what `node export` writes. Pool
    /// and peers are not included.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::from("{\"chain\": [");
        for (number, block) in self.blocks().iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            write!(json, "{comma}{block}").expect("memory takes what is written to it");
        }
        json + &format!("], \"length\": {}}}\n", self.blocks().len())
    }
}
