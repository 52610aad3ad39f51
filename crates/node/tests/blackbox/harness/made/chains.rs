//! Chains for peers.

use std::ops::ControlFlow;

use ledger_core::{
    Block, ClassicRules, Difficulty, Members, PreviousHash, Search, Timestamp, Transaction, canonical,
    verify_chain,
};

/// The rules of usual nodes.
pub(crate) fn rules() -> ClassicRules {
    at_difficulty(2)
}

pub(crate) fn at_difficulty(zeros: u8) -> ClassicRules {
    ClassicRules::new(Difficulty::new(zeros).unwrap())
}

/// A genesis that no node has.
pub(crate) fn genesis() -> Members<'static> {
    Members::genesis(Timestamp::try_from(1_506_057_125.900_785).unwrap())
}

/// A chain of this length. Each block after the genesis holds a reward.
pub(crate) fn chain(length: usize) -> Vec<Members<'static>> {
    grown(vec![genesis()], length - 1)
}

/// The chain with this many more blocks.
pub(crate) fn grown(mut chain: Vec<Members<'static>>, more: usize) -> Vec<Members<'static>> {
    for _ in 0..more {
        let reward = Transaction::reward("peer", 1_u64);
        let block = next(chain.last().unwrap(), vec![reward]);
        chain.push(block);
    }
    chain
}

/// Mines the next block by the usual rules.
pub(crate) fn next(last: &Members, transactions: Vec<Transaction<'static>>) -> Members<'static> {
    next_by(rules(), last, transactions)
}

/// Mines the next block by any rules.
pub(crate) fn next_by(
    rules: ClassicRules,
    last: &Members,
    transactions: Vec<Transaction<'static>>,
) -> Members<'static> {
    let search = rules.puzzle_after(last).search(0..u64::MAX, |_| ControlFlow::Continue(()));
    let Search::Found(proof) = search else { panic!("no proof") };
    let timestamp = Timestamp::try_from(1_506_057_200.5 + last.index as f64).unwrap();
    let previous_hash = PreviousHash::Hash(last.hash());
    Members { index: last.index + 1, previous_hash, proof, timestamp, transactions }
}

/// The blocks' texts.
pub(crate) fn texts(chain: &[Members]) -> Vec<String> {
    chain.iter().map(canonical::text).collect()
}

/// The answer to `GET /chain` with these blocks.
pub(crate) fn answer(blocks: &[String]) -> String {
    format!("{{\"chain\": [{}], \"length\": {}}}", blocks.join(", "), blocks.len())
}

/// Validates a chain of a usual node.
pub(crate) fn assert_valid(chain: &[Members]) {
    assert_keeps(rules(), chain);
}

/// Validates a chain by these rules.
pub(crate) fn assert_keeps(rules: ClassicRules, chain: &[Members]) {
    let blocks: Vec<Block> = chain.iter().cloned().map(Block::new).collect();
    verify_chain(rules, &blocks).unwrap();
}
