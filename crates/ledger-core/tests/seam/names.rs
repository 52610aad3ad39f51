//! What a rule set tells a program: the names of its rules, both sides of a mismatch, and itself at another difficulty.

use ledger_core::classic::Classic;
use ledger_core::seam::testing::mined;
use ledger_core::seam::{AnyViolation, Erased, Options, RuleSet, Sides};
use ledger_core::{BlockHash, ClassicRules, Difficulty, PreviousHash, RuleViolation};

use crate::harness::{classic_at, now};
use crate::toy::REGISTRATION;

#[test]
fn violation_has_a_name_and_both_sides() {
    let (one, other) = (BlockHash::of_text("one"), BlockHash::of_text("other"));
    let (found, difficulty) = (PreviousHash::Hash(other), Difficulty::new(2).unwrap());
    let sides = |expected: &dyn ToString, found: &dyn ToString| {
        Some(Sides { expected: expected.to_string(), found: found.to_string() })
    };
    let previous = RuleViolation::PreviousHash { block: 2, expected: one, found };
    let proof = RuleViolation::Proof { block: 2, proof: 9, guess: one, difficulty };
    for (violation, rule, expected) in [
        (RuleViolation::Empty, "empty", None),
        (RuleViolation::Index { expected: 5, found: 7 }, "index", sides(&5, &7)),
        (RuleViolation::GenesisTransactions { found: 3 }, "genesis_transactions", sides(&0, &3)),
        (previous, "previous_hash", sides(&one, &other)),
        (proof, "proof", sides(&"00", &one)),
    ] {
        let violation: &dyn AnyViolation = &violation;
        assert_eq!((violation.rule(), violation.sides()), (rule, expected));
    }
}

#[test]
fn rules_at_another_difficulty_differ_in_nothing_else() {
    let hard = Classic::new(ClassicRules::new(Difficulty::new(64).unwrap()), 7u64.into());
    let easy = Erased(hard).at_difficulty(Difficulty::new(0).unwrap()).unwrap();
    assert_eq!(easy.describe(), "difficulty 0");
    let (_, state) = easy.genesis(now());
    let next = mined(&*easy, &state, "miner", Vec::new());
    assert!(next.block().text().contains("\"amount\": 7,"), "the same reward: {}", next.block().text());
    assert!(classic_at(64).check_next(&state, next.block().text().as_bytes(), now()).is_err());
}

#[test]
fn rules_without_a_difficulty_take_none() {
    let difficulty = Difficulty::new(2).unwrap();
    let toy = (REGISTRATION.make)(&Options::new(difficulty, 1u64.into())).unwrap();
    assert!(toy.at_difficulty(difficulty).is_none());
}
