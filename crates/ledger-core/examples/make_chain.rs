//! Prints a valid chain of any length, as `GET /chain` returns it. Use it to try large ledgers.
//!
//! Run it with `cargo run --release -p ledger-core --example make_chain -- 100000 > chain.json`. Each block has five
//! transactions between a thousand addresses of 600 characters, at difficulty 1. The same length gives the same bytes.

use std::error::Error;
use std::io::{BufWriter, Write, stdout};
use std::ops::ControlFlow;

use ledger_core::{
    Block, BlockHash, ClassicRules, Difficulty, Members, PreviousHash, Search, Timestamp, Tip, Transaction,
    Verifier,
};

/// When the chain begins, in microseconds since the Unix epoch.
const BEGIN: u64 = 1_518_048_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let length: u64 = std::env::args().nth(1).ok_or("usage: make_chain LENGTH")?.parse()?;
    let rules = ClassicRules::new(Difficulty::new(1)?);
    let mut out = BufWriter::new(stdout().lock());
    let mut verifier = Verifier::new(rules);
    write!(out, "{{\"chain\": [")?;
    for index in 1..=length {
        let block = match verifier.tip() {
            None => Members::genesis(Timestamp::from_micros(BEGIN)),
            Some(tip) => next(rules, tip)?,
        };
        let block = Block::new(block);
        verifier.push(&block)?;
        write!(out, "{}{}", if index > 1 { ", " } else { "" }, block.text())?;
    }
    writeln!(out, "], \"length\": {length}}}")?;
    Ok(())
}

fn next(rules: ClassicRules, tip: Tip) -> Result<Members<'static>, Box<dyn Error>> {
    let Search::Found(proof) = tip.puzzle(rules).search(0..u64::MAX, |_| ControlFlow::Continue(())) else {
        return Err("no proof was found".into());
    };
    let index = tip.height.next().get();
    let payments = (0..4).map(|number| Transaction {
        amount: (index % 100 + 1).into(),
        recipient: address(index * 7 + number).into(),
        sender: address(index * 13 + number * 5).into(),
    });
    Ok(Members {
        index,
        previous_hash: PreviousHash::Hash(tip.hash),
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
