//! The cases from Python, through the seam: it gives the same verdicts as the classic rules.

use ledger_core::classic::Classic;
use ledger_core::seam::{BlockError, Checking, Proofs, Rules, Stored};
use ledger_core::{Block, BlockHash, ClassicRules, Difficulty, Height, RuleViolation};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::harness::{classic, now};

#[derive(Deserialize)]
struct Chain {
    difficulty: Difficulty,
    valid: bool,
    why: String,
    chain: Vec<Box<RawValue>>,
}

fn chains() -> Vec<Chain> {
    let chains: Vec<Chain> = serde_json::from_str(include_str!("../data/chains.json")).unwrap();
    assert!(!chains.is_empty());
    chains
}

/// Checks a chain through the seam. Returns the tip's hash.
fn push_all(case: &Chain, proofs: Proofs) -> Result<Option<BlockHash>, BlockError> {
    let mut chain = classic(case.difficulty).begin(proofs);
    for block in &case.chain {
        chain.push(block.get().as_bytes(), now())?;
    }
    Ok(chain.tip().map(|tip| tip.hash))
}

/// The first rule that a chain breaks, as the classic rules report it without the seam.
fn violation(case: &Chain) -> Option<RuleViolation> {
    let rules = Classic::new(ClassicRules::new(case.difficulty), 1u64.into());
    let with = Checking { now: Some(now()), proofs: Proofs::Checked };
    let mut state = None;
    for block in &case.chain {
        let block: Block<'_> = block.get().parse().unwrap();
        match rules.check(state.as_ref(), &block, with) {
            Ok(next) => state = Some(next),
            Err(violation) => return Some(violation),
        }
    }
    None
}

#[test]
fn verdicts_on_chains_match_python() {
    for case in chains() {
        let verdict = push_all(&case, Proofs::Checked);
        let is_valid = verdict.as_ref().is_ok_and(Option::is_some);
        assert_eq!(is_valid, case.valid, "{}: {verdict:?}", case.why);
    }
}

#[test]
fn violation_keeps_its_message_and_its_block() {
    let mut found = 0;
    for case in chains() {
        let expected = violation(&case);
        let verdict = push_all(&case, Proofs::Checked);
        assert_eq!(
            verdict.as_ref().map_err(ToString::to_string).err(),
            expected.as_ref().map(ToString::to_string)
        );
        if let (Err(BlockError::Rule(violation)), Some(expected)) = (verdict, expected) {
            assert_eq!(violation.block(), expected.block());
            assert_eq!(violation.way_out().is_some(), matches!(expected, RuleViolation::Proof { .. }));
            found += 1;
        }
    }
    assert!(found > 3, "{found}");
}

#[test]
fn blocks_of_any_layout_have_pythons_canonical_text_and_hash() {
    #[derive(Deserialize)]
    struct Case {
        received: String,
        canonical: String,
        hash: BlockHash,
    }
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/blocks.json")).unwrap();
    let rules = classic(Difficulty::default());
    for case in cases {
        let (height, hash) = rules.place(case.received.as_bytes()).unwrap();
        assert_eq!(hash, case.hash);
        assert_eq!(rules.canonical_text(case.received.as_bytes()).unwrap(), case.canonical);
        let Some(height) = Height::new(height) else { continue };
        let hash = case.hash.to_string();
        let stored = Stored { height, hash: &hash, text: case.canonical.as_bytes(), saved: None };
        assert_eq!(rules.read_stored(stored).unwrap(), case.hash);
    }
}

#[test]
fn verdicts_on_stored_chains_match_python() {
    for case in chains() {
        let blocks: Vec<Block<'_>> = case.chain.iter().map(|block| block.get().parse().unwrap()).collect();
        let hashes: Vec<String> = blocks.iter().map(|block| block.hash().to_string()).collect();
        let heights = (1..).map(|height| Height::new(height).unwrap());
        let rows: Vec<_> = heights
            .zip(&blocks)
            .zip(&hashes)
            .map(|((height, block), hash)| Stored {
                height,
                hash,
                text: block.text().as_bytes(),
                saved: None,
            })
            .collect();
        let mut chain = classic(case.difficulty).begin(Proofs::Checked);
        let mut handed_over = Vec::new();
        let verdict = chain.push_stored(&rows, &mut |block| handed_over.push(block.into_owned()));
        assert_eq!(verdict.is_ok() && !rows.is_empty(), case.valid, "{}: {verdict:?}", case.why);
        assert_eq!(chain.tip(), handed_over.last().map(|block| block.tip()));
        for (block, handed_over) in blocks.iter().zip(&handed_over) {
            assert_eq!((block.text(), block.hash()), (handed_over.text(), handed_over.hash()));
        }
    }
}

#[test]
fn trusting_proofs_skips_no_other_rule() {
    for case in chains() {
        let verdict = push_all(&case, Proofs::Trusted);
        match push_all(&case, Proofs::Checked) {
            Err(BlockError::Rule(violation)) if violation.way_out().is_none() => {
                assert!(verdict.is_err(), "{}", case.why);
            }
            Ok(tip) => assert_eq!(verdict.unwrap(), tip),
            Err(_) => {}
        }
    }
}
