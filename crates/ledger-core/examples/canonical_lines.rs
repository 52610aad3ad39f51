//! Prints what this crate makes of each line of JSON, to compare it with Python:
//! `crates/node/tests/mixed/canonical/differential.py` runs this program.
//!
//! `canonical_lines values` and `canonical_lines blocks` read a JSON value or a block from each line, and print the
//! SHA-256 of its canonical text and the text. `canonical_lines chains` reads the hex of an answer to `GET /chain` from
//! each line, and prints the canonical texts of its blocks, with tabs between them. Each prints `!` and the reason for a
//! refused line.

use std::error::Error;
use std::io::{BufRead, BufReader, BufWriter, Write, stdin, stdout};

use ledger_core::{Block, BlockHash, ChainReader, JsonText};

type Answer = Result<String, Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let answer = match std::env::args().nth(1).as_deref() {
        Some("values") => value,
        Some("blocks") => block,
        Some("chains") => chain,
        _ => return Err("usage: canonical_lines values|blocks|chains".into()),
    };
    let mut out = BufWriter::new(stdout().lock());
    for line in BufReader::new(stdin().lock()).split(b'\n') {
        match answer(&line?) {
            Ok(answer) => writeln!(out, "{answer}")?,
            Err(error) => writeln!(out, "! {error}")?,
        }
    }
    Ok(out.flush()?)
}

fn value(json: &[u8]) -> Answer {
    let value = JsonText::parse(json)?;
    Ok(format!("{} {value}", BlockHash::of_text(value.as_str())))
}

/// A block's hash and text. Both must be the same whether the text is written or goes straight into the hasher, and
/// whether the block is read in place or in another layout.
fn block(json: &[u8]) -> Answer {
    let encoded = Block::from_json(json)?;
    let again = Block::from_json(encoded.text().as_bytes())?;
    if encoded != again || encoded.hash() != encoded.members().hash() {
        return Err("its canonical text is read as another block".into());
    }
    Ok(format!("{} {}", encoded.hash(), encoded.text()))
}

/// The blocks of a response. They must be the same for pieces of any size.
fn chain(hex: &[u8]) -> Answer {
    let digits = std::str::from_utf8(hex)?;
    let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16));
    let answer = bytes.collect::<Result<Vec<_>, _>>()?;
    let whole = blocks(&answer, answer.len().max(1));
    let in_pieces = blocks(&answer, 7);
    if whole.as_ref().ok() != in_pieces.as_ref().ok() {
        return Err("in pieces it is read as another chain".into());
    }
    whole
}

fn blocks(answer: &[u8], piece: usize) -> Answer {
    let mut reader = ChainReader::new(1 << 20);
    let mut texts = Vec::new();
    for piece in answer.chunks(piece) {
        reader.feed(piece, |json| {
            texts.push(Block::from_json(json)?.text().to_owned());
            Ok::<_, Box<dyn Error>>(())
        })?;
    }
    reader.finish()?;
    Ok(texts.join("\t"))
}
