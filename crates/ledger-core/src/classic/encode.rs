//! The canonical text of a block, and its hash: what Python's `json.dumps(block, sort_keys=True)` prints.
//!
//! Members are sorted by name at every level and separated by `", "` and `": "`. Characters outside space to `~`
//! are written as `\uXXXX` in lower-case hex (RFC 8259, section 7: surrogate pairs past U+FFFF), or by their
//! short forms. Integers are decimal; floats are Python's `repr`: the shortest digits that read back the
//! same.
//!
//! ```
//! use ledger_core::{Members, canonical};
//!
//! let block = Members::from_json(
//!     br#"{"index":1,"proof":1,"previous_hash":1,"transactions":[],"timestamp":1506057125.900785}"#,
//! )?;
//! assert_eq!(
//!     canonical::text(&block),
//!     r#"{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1506057125.900785, "transactions": []}"#,
//! );
//! # Ok::<(), ledger_core::ParseError>(())
//! ```

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use crate::amount::Amount;
use crate::classic::members::Members;
use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::hash::BlockHash;
use crate::recipient::Recipient;

pub use crate::python::string_text;
use crate::python::write_string;

/// The canonical text of a block: pure ASCII, on one line.
#[must_use]
pub fn text(block: &Members<'_>) -> String {
    let mut text = String::with_capacity(estimate(block));
    write_block(&mut text, block).expect(INFALLIBLE);
    text
}

/// The number of bytes in a block's canonical text. Does not write the text.
#[must_use]
pub fn length(block: &Members<'_>) -> usize {
    let mut sink = CountSink(0);
    write_block(&mut sink, block).expect(INFALLIBLE);
    sink.0
}

/// The canonical text of a transaction, as its block contains it.
#[must_use]
pub fn transaction_text(transaction: &Transaction<'_>) -> String {
    let mut text =
        String::with_capacity(transaction.sender.len() + transaction.recipient.as_str().len() + 64);
    write_transaction(&mut text, transaction).expect(INFALLIBLE);
    text
}

/// The number of bytes in a transaction's canonical text. Does not write the text.
#[must_use]
pub fn transaction_length(transaction: &Transaction<'_>) -> usize {
    let mut sink = CountSink(0);
    write_transaction(&mut sink, transaction).expect(INFALLIBLE);
    sink.0
}

impl Members<'_> {
    /// The block's hash. Writes the canonical text straight into the hasher.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        let mut sink = HashSink(Sha256::new());
        write_block(&mut sink, self).expect(INFALLIBLE);
        BlockHash::from_bytes(sink.0.finalize().into())
    }
}

/// Writes the canonical text.
impl fmt::Display for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_block(f, self)
    }
}

/// Writes the canonical text, as its block contains it.
impl fmt::Display for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_transaction(f, self)
    }
}

const INFALLIBLE: &str = "a text, a hasher and a counter accept all writes";

struct HashSink(Sha256);

impl Write for HashSink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

struct CountSink(usize);

impl Write for CountSink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

fn estimate(block: &Members<'_>) -> usize {
    let payments =
        block.transactions.iter().map(|payment| payment.sender.len() + payment.recipient.as_str().len() + 96);
    256 + payments.sum::<usize>()
}

/// Writes the canonical text of a block.
fn write_block(out: &mut impl Write, block: &Members<'_>) -> fmt::Result {
    write!(out, "{{\"index\": {}, \"previous_hash\": ", block.index)?;
    match block.previous_hash {
        PreviousHash::Hash(hash) => write!(out, "\"{hash}\"")?,
        genesis => write!(out, "{genesis}")?,
    }
    write!(
        out,
        ", \"proof\": {}, \"timestamp\": {}, \"transactions\": [",
        block.proof,
        block.timestamp.number()
    )?;
    for (position, transaction) in block.transactions.iter().enumerate() {
        if position > 0 {
            out.write_str(", ")?;
        }
        write_transaction(out, transaction)?;
    }
    out.write_str("]}")
}

/// Writes the canonical text of a transaction.
fn write_transaction(out: &mut impl Write, transaction: &Transaction<'_>) -> fmt::Result {
    out.write_str("{\"amount\": ")?;
    match &transaction.amount {
        Amount::Number(number) => write!(out, "{number}")?,
        Amount::Text(text) => write_string(out, text)?,
        Amount::Other(value) => out.write_str(value.as_str())?,
    }
    out.write_str(", \"recipient\": ")?;
    match &transaction.recipient {
        Recipient::Text(text) => write_string(out, text)?,
        Recipient::Other(value) => out.write_str(value.as_str())?,
    }
    out.write_str(", \"sender\": ")?;
    write_string(out, &transaction.sender)?;
    out.write_char('}')
}
