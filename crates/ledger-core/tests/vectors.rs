//! Test vectors from Python: floats, canonical texts and hashes, proofs, whole chains.

use std::ops::ControlFlow;

use ledger_core::{
    Block, BlockHash, ClassicRules, Difficulty, Engine, Members, Number, Puzzle, Search, canonical,
    verify_chain,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn cases<T: DeserializeOwned>(json: &str) -> Vec<T> {
    let cases: Vec<T> = serde_json::from_str(json).expect("the vectors are JSON");
    assert!(!cases.is_empty());
    cases
}

#[test]
fn floats_are_read_exactly_and_written_as_pythons_repr() {
    #[derive(Deserialize)]
    struct Case {
        received: String,
        canonical: String,
    }
    for case in cases::<Case>(include_str!("data/floats.json")) {
        let number = Number::parse(&case.received).unwrap();
        assert_eq!(number.to_string(), case.canonical, "{}", case.received);
    }
}

#[test]
fn blocks_of_any_layout_have_pythons_canonical_text_and_hash() {
    #[derive(Deserialize)]
    struct Case {
        received: String,
        canonical: String,
        hash: BlockHash,
    }
    for case in cases::<Case>(include_str!("data/blocks.json")) {
        let block = Members::from_json(case.received.as_bytes()).unwrap();
        assert_eq!(canonical::text(&block), case.canonical);
        assert_eq!(block.hash(), case.hash);
        let encoded = Block::from_json(case.canonical.as_bytes()).unwrap();
        assert_eq!((encoded.text(), encoded.hash()), (case.canonical.as_str(), case.hash));
    }
}

#[test]
fn searches_find_pythons_smallest_proof() {
    #[derive(Deserialize)]
    struct Case {
        difficulty: Difficulty,
        last_proof: u64,
        last_hash: BlockHash,
        proof: u64,
    }
    for case in cases::<Case>(include_str!("data/proofs.json")) {
        let puzzle = Puzzle::new(case.last_proof, case.last_hash, case.difficulty);
        for engine in Engine::available() {
            let found = puzzle.search_with(engine, 0..u64::MAX, |_| ControlFlow::Continue(()));
            assert_eq!(found, Search::Found(case.proof), "{engine}");
        }
        assert!(puzzle.is_solved_by(case.proof));
    }
}

#[test]
fn verdicts_on_chains_match_python() {
    #[derive(Deserialize)]
    struct Case {
        difficulty: Difficulty,
        valid: bool,
        why: String,
        chain: Vec<Members<'static>>,
    }
    for case in cases::<Case>(include_str!("data/chains.json")) {
        let chain: Vec<Block<'_>> = case.chain.into_iter().map(Block::new).collect();
        let verdict = verify_chain(ClassicRules::new(case.difficulty), &chain);
        assert_eq!(verdict.is_ok(), case.valid, "{}: {verdict:?}", case.why);
    }
}
