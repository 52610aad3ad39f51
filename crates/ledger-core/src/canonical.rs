//! The canonical text of a block, and its hash: what Python's `json.dumps(block, sort_keys=True)` prints.
//!
//! Members are sorted by name at every level and separated by `", "` and `": "`. Characters outside space..~
//! are written as `\uXXXX` in lower-case hex (RFC 8259, section 7: surrogate pairs past U+FFFF), or by their
//! short forms. Integers are decimal; floats are Python's `repr`: the shortest digits that read back the
//! same.
//!
//! ```
//! use ledger_core::{Block, canonical};
//!
//! let block = Block::from_json(
//!     br#"{"index":1,"proof":1,"previous_hash":1,"transactions":[],"timestamp":1506057125.900785}"#,
//! )?;
//! assert_eq!(
//!     canonical::text(&block),
//!     r#"{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1506057125.900785, "transactions": []}"#,
//! );
//! # Ok::<(), ledger_core::ParseError>(())
//! ```

use std::fmt::{self, Write};

use memchr::memchr2;
use sha2::{Digest, Sha256};

use crate::amount::Amount;
use crate::block::{Block, PreviousHash};
use crate::hash::BlockHash;
use crate::transaction::Transaction;

/// The canonical text of a block: pure ASCII, on one line.
pub fn text(block: &Block) -> String {
    let mut text = String::with_capacity(estimate(block));
    write_block(&mut text, block).expect(INFALLIBLE);
    text
}

/// The canonical text of a transaction, as it stands inside its block's.
pub fn transaction_text(transaction: &Transaction) -> String {
    let mut text = String::with_capacity(transaction.sender.len() + transaction.recipient.len() + 64);
    write_transaction(&mut text, transaction).expect(INFALLIBLE);
    text
}

/// The bytes of a transaction's canonical text, counted without writing it.
pub fn transaction_length(transaction: &Transaction) -> usize {
    let mut sink = CountSink(0);
    write_transaction(&mut sink, transaction).expect(INFALLIBLE);
    sink.0
}

/// A text as a JSON string in canonical form, with its quotes.
pub fn string_text(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    write_string(&mut text, value).expect(INFALLIBLE);
    text
}

/// The hash of a block's canonical text, which is written straight into the hasher.
pub(crate) fn hash(block: &Block) -> BlockHash {
    let mut sink = HashSink(Sha256::new());
    write_block(&mut sink, block).expect(INFALLIBLE);
    BlockHash::from_bytes(sink.0.finalize().into())
}

const INFALLIBLE: &str = "a text, a hasher and a counter take everything that is written to them";

/// How many bytes are judged together.
const CHUNK: usize = 64;

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

fn estimate(block: &Block) -> usize {
    let payments =
        block.transactions.iter().map(|payment| payment.sender.len() + payment.recipient.len() + 96);
    256 + payments.sum::<usize>()
}

fn write_block(out: &mut impl Write, block: &Block) -> fmt::Result {
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

fn write_transaction(out: &mut impl Write, transaction: &Transaction) -> fmt::Result {
    out.write_str("{\"amount\": ")?;
    match &transaction.amount {
        Amount::Number(number) => write!(out, "{number}")?,
        Amount::Text(text) => write_string(out, text)?,
    }
    out.write_str(", \"recipient\": ")?;
    write_string(out, &transaction.recipient)?;
    out.write_str(", \"sender\": ")?;
    write_string(out, &transaction.sender)?;
    out.write_char('}')
}

fn write_string(out: &mut impl Write, value: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = value;
    while let Some(at) = first_special(rest.as_bytes()) {
        let (plain, special) = rest.split_at(at);
        out.write_str(plain)?;
        let mut characters = special.chars();
        write_escaped(out, characters.next().expect("a position inside the text"))?;
        rest = characters.as_str();
    }
    out.write_str(rest)?;
    out.write_char('"')
}

/// The place of the first byte that does not stand for itself: space to `~` do, but for the quote and the backslash.
pub(crate) fn first_special(bytes: &[u8]) -> Option<usize> {
    let quoted = memchr2(b'"', b'\\', bytes);
    first_unprintable(&bytes[..quoted.unwrap_or(bytes.len())]).or(quoted)
}

/// The place of the first byte outside space to `~`. Whole chunks are judged without a branch on each byte, which the
/// compiler turns into vector instructions.
fn first_unprintable(bytes: &[u8]) -> Option<usize> {
    let printable = |byte: u8| byte.wrapping_sub(b' ') <= b'~' - b' ';
    let all = |chunk: &&[u8]| chunk.iter().fold(true, |all, &byte| all & printable(byte));
    let skipped = bytes.chunks_exact(CHUNK).take_while(all).count() * CHUNK;
    bytes[skipped..].iter().position(|&byte| !printable(byte)).map(|at| skipped + at)
}

fn write_escaped(out: &mut impl Write, character: char) -> fmt::Result {
    match character {
        '"' => out.write_str("\\\""),
        '\\' => out.write_str("\\\\"),
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\u{8}' => out.write_str("\\b"),
        '\u{c}' => out.write_str("\\f"),
        other => other.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}")),
    }
}

/// Writes a float as Python's `repr`: positional when the decimal exponent is in -4..=15, else like `1e-05`.
pub(crate) fn write_float(out: &mut impl Write, value: f64) -> fmt::Result {
    // Rust's `{:e}` gives the same shortest digits, only laid out differently: `-1.25e-7`.
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("the format `{:e}` has an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is a small integer");
    if value.is_sign_negative() {
        out.write_char('-')?;
    }
    let mantissa = mantissa.trim_start_matches('-');
    match exponent {
        -4..=-1 => {
            write!(out, "0.{:0>zeros$}", "", zeros = exponent.unsigned_abs() as usize - 1)?;
            mantissa.split('.').try_for_each(|digits| out.write_str(digits))
        }
        0..=15 => write_positional(out, mantissa, exponent.unsigned_abs() as usize),
        _ => {
            let sign = if exponent < 0 { '-' } else { '+' };
            write!(out, "{mantissa}e{sign}{:02}", exponent.unsigned_abs())
        }
    }
}

/// Writes `mantissa * 10^shift` with a point.
fn write_positional(out: &mut impl Write, mantissa: &str, shift: usize) -> fmt::Result {
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    out.write_str(first)?;
    if rest.len() <= shift {
        write!(out, "{rest:0<shift$}.0")
    } else {
        let (whole, fraction) = rest.split_at(shift);
        write!(out, "{whole}.{fraction}")
    }
}
