//! A block: its members, its canonical text, and the hash of that text, which must begin with as many zeros as the block says.

use std::borrow::Cow;

use ledger_core::seam::{BlockText, Movement, ParseError};
use ledger_core::{BlockHash, Transaction};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A well-formed block.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) index: u64,
    pub(crate) previous: Option<BlockHash>,
    pub(crate) zeros: u8,
    pub(crate) transactions: Vec<Transaction<'a>>,
    text: Cow<'a, str>,
    hash: BlockHash,
}

/// The canonical text before and after the proof.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Frame {
    pub(crate) fn new(index: u64, previous: Option<BlockHash>, zeros: u8, transactions: &[&str]) -> Self {
        let previous = previous.map_or("null".to_owned(), |hash| format!("\"{hash}\""));
        let transactions = transactions.join(", ");
        Self {
            before: format!("{{\"index\": {index}, \"previous_hash\": {previous}, \"proof\": "),
            after: format!(", \"target_zeros\": {zeros}, \"transactions\": [{transactions}]}}"),
        }
    }

    /// The canonical text with this proof.
    pub(crate) fn text(&self, proof: u64) -> String {
        format!("{}{proof}{}", self.before, self.after)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members<'a> {
    index: u64,
    previous_hash: Option<BlockHash>,
    proof: u64,
    target_zeros: u8,
    #[serde(borrow)]
    transactions: Vec<&'a RawValue>,
}

impl<'a> Block<'a> {
    /// Reads a block from JSON of any layout.
    pub(crate) fn read(json: &'a [u8], limit: usize) -> Result<Self, ParseError> {
        let Members { index, previous_hash: previous, proof, target_zeros: zeros, transactions } =
            serde_json::from_slice(json).map_err(|error| ParseError::Value {
                name: "a block of the toy",
                expected: "an object of its five members",
                found: error.to_string(),
            })?;
        let transactions: Vec<Transaction<'a>> = transactions
            .iter()
            .map(|json| Transaction::from_json(json.get().as_bytes()))
            .collect::<Result<_, _>>()?;
        let texts: Vec<String> = transactions.iter().map(ToString::to_string).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let text = Frame::new(index, previous, zeros, &texts).text(proof);
        if text.len() > limit {
            return Err(ParseError::TooLong { limit });
        }
        let hash = BlockHash::of_text(&text);
        let text = match std::str::from_utf8(json) {
            Ok(json) if json == text => Cow::Borrowed(json),
            _ => Cow::Owned(text),
        };
        Ok(Self { index, previous, zeros, transactions, text, hash })
    }

    /// The block of a canonical text.
    pub(crate) fn of_text(text: String) -> Block<'static> {
        let Block { index, previous, zeros, transactions, hash, .. } =
            Block::read(text.as_bytes(), usize::MAX).expect("the text was made of members");
        let transactions = transactions.into_iter().map(Transaction::into_owned).collect();
        Block { index, previous, zeros, transactions, text: Cow::Owned(text), hash }
    }
}

impl<'a> BlockText<'a> for Block<'a> {
    fn text(&self) -> &str {
        &self.text
    }

    fn is_borrowed(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    fn hash(&self) -> BlockHash {
        self.hash
    }

    fn height(&self) -> u64 {
        self.index
    }

    fn previous(&self) -> Option<BlockHash> {
        self.previous
    }

    fn into_parts(self) -> (Cow<'a, str>, Vec<Movement<'a>>) {
        (self.text, self.transactions.into_iter().map(Movement::from).collect())
    }
}
