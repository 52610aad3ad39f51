//! Prints a valid chain of any length, as `GET /chain` returns it. Use it to try large ledgers.
//!
//! Run it with `cargo run --release -p ledger-core --example make_chain -- 100000 > chain.json`. Each block has five
//! transactions between a thousand addresses of 600 characters, at difficulty 1. The same length gives the same bytes.

use std::error::Error;
use std::io::{BufWriter, Write, stdout};
use std::ops::ControlFlow;
use std::sync::Arc;

use ledger_core::classic::Classic;
use ledger_core::seam::{Erased, Proofs, RuleSet};
use ledger_core::{
    Block, BlockHash, ClassicRules, Difficulty, Members, PreviousHash, Search, Timestamp, Transaction,
};

/// When the chain begins, in microseconds since the Unix epoch.
const BEGIN: u64 = 1_518_048_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let length: u64 = std::env::args().nth(1).ok_or("usage: make_chain LENGTH")?.parse()?;
    let rules = ClassicRules::new(Difficulty::new(1)?);
    let mut out = BufWriter::new(stdout().lock());
    let mut chain = Arc::new(Erased(Classic::new(rules, 1u64.into()))).begin(Proofs::Checked);
    let begin = Timestamp::from_micros(BEGIN);
    let mut block = Block::genesis(begin);
    write!(out, "{{\"chain\": [")?;
    for index in 1..=length {
        if index > 1 {
            block = Block::new(next(rules, &block)?);
            write!(out, ", ")?;
        }
        write!(out, "{}", chain.push(block.text().as_bytes(), begin)?.text())?;
    }
    writeln!(out, "], \"length\": {length}}}")?;
    Ok(())
}

fn next(rules: ClassicRules, last: &Block<'_>) -> Result<Members<'static>, Box<dyn Error>> {
    let puzzle = rules.puzzle(last.proof, last.hash());
    let Search::Found(proof) = puzzle.search(0..u64::MAX, |_| ControlFlow::Continue(())) else {
        return Err("no proof was found".into());
    };
    let index = last.index + 1;
    let payments = (0..4).map(|number| Transaction {
        amount: (index % 100 + 1).into(),
        recipient: address(index * 7 + number).into(),
        sender: address(index * 13 + number * 5).into(),
    });
    Ok(Members {
        index,
        previous_hash: PreviousHash::Hash(last.hash()),
        proof,
        timestamp: Timestamp::from_micros(BEGIN + index * 61_234_567),
        transactions: payments.chain([Transaction::reward(address(0), 1u64)]).collect(),
    })
}

/// One of a thousand addresses, of hex digits instead of base64.
fn address(number: u64) -> String {
    let mut text = BlockHash::of_text(&(number % 1000).to_string()).to_string().repeat(10);
    text.truncate(600);
    text
}
