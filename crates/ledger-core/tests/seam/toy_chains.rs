//! A second rule set behind the same seam.

use std::sync::Arc;

use ledger_core::seam::testing::mined;
use ledger_core::seam::{
    AnyState, BlockError, CheckedBlock, Options, Proofs, RuleSet, Stored, StoredError, payment_texts,
};
use ledger_core::{Difficulty, Height, Tip, VerifiedPayment};

use crate::harness::{classic, now, pay};
use crate::toy::REGISTRATION;

fn toy(zeros: u8) -> Arc<dyn RuleSet> {
    (REGISTRATION.make)(&Options::new(Difficulty::new(zeros).unwrap(), 1u64.into())).unwrap()
}

/// A chain of the toy rules, with a block for each number of zeros.
fn chain(zeros: &[u8], miner: &str) -> Vec<CheckedBlock<'static>> {
    let (genesis, mut state) = toy(1).genesis(now());
    let mut blocks = vec![genesis];
    for zeros in zeros {
        let (block, after) = mined(&*toy(*zeros), &state, miner, Vec::new()).into_parts();
        blocks.push(block);
        state = after;
    }
    blocks
}

fn state_after(blocks: &[CheckedBlock<'_>]) -> AnyState {
    let mut chain = toy(1).begin(Proofs::Checked);
    for block in blocks {
        chain.push(block.text().as_bytes(), now()).unwrap();
    }
    chain.state().unwrap()
}

fn tip(blocks: &[CheckedBlock<'_>]) -> Tip {
    blocks.last().unwrap().tip()
}

#[test]
fn block_holds_two_payments_and_the_reward() {
    let rules = toy(1);
    let (_, state) = rules.genesis(now());
    let payments: Vec<VerifiedPayment> = ["bob", "carol", "dave"].map(pay).into();
    let expected: Vec<String> = payments[..2].iter().map(|payment| payment.text().to_owned()).collect();
    let next = mined(&*rules, &state, "miner", payments);
    let texts: Vec<&str> = payment_texts(next.block().text()).collect();
    assert_eq!(texts.len(), 3);
    assert_eq!(texts[..2], expected);
    let payees: Vec<_> = next.block().movements().iter().map(|payment| payment.payee.as_deref()).collect();
    assert_eq!(payees, [Some("bob"), Some("carol"), Some("miner")]);
    assert_eq!(rules.movements(next.block().text().as_bytes()).unwrap(), next.block().movements());
}

#[test]
fn shorter_and_heavier_chain_wins() {
    let (long, heavy) = (chain(&[1, 1, 1], "us"), chain(&[2], "them"));
    let (rules, long, heavy) = (toy(1), tip(&long), tip(&heavy));
    assert!(long.height > heavy.height);
    assert!(
        !rules.length_decides()
            && rules.wins(&heavy, &long)
            && !rules.wins(&long, &heavy)
            && !rules.wins(&long, &long)
    );
    assert_eq!(rules.quantity(&long).counted, "weight 48");
    assert_eq!(rules.quantity(&heavy).counted, "weight 256");
}

#[test]
fn changed_block_is_refused() {
    let blocks = chain(&[2], "us");
    let state = state_after(&blocks[..1]);
    let text = blocks[1].text();
    for (from, to) in [
        ("\"us\"", "\"me\""),
        ("\"index\": 2", "\"index\": 3"),
        ("zeros\": 2", "zeros\": 3"),
        ("zeros\": 2", "zeros\": 0"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        let refused = toy(1).check_next(&state, changed.as_bytes(), now()).unwrap_err();
        let BlockError::Rule(violation) = refused else { panic!("{refused}") };
        assert!(violation.block().is_some() && violation.way_out().is_none());
        assert_eq!((violation.rule(), violation.sides()), ("other", None), "the toy gives no details");
    }
    assert!(toy(1).check_next(&state, text.as_bytes(), now()).is_ok());
}

#[test]
fn rule_sets_refuse_each_others_blocks() {
    let (classic, toy) = (classic(Difficulty::new(1).unwrap()), toy(1));
    for (rules, other) in [(&classic, &toy), (&toy, &classic)] {
        let (genesis, _) = other.genesis(now());
        let refused =
            Arc::clone(rules).begin(Proofs::Checked).push(genesis.text().as_bytes(), now()).map(drop);
        assert!(matches!(refused, Err(BlockError::Parse { height: 1, .. })), "{refused:?}");
        let hash = genesis.hash().to_string();
        let text = genesis.text().as_bytes();
        let row = Stored { height: Height::GENESIS, hash: &hash, text, saved: genesis.saved() };
        let refused = rules.read_stored(row).unwrap_err();
        assert!(matches!(refused, StoredError::OtherRules { .. }), "{refused}");
        let refused = rules.read_stored(Stored { text: b"{}", ..row }).unwrap_err();
        assert!(matches!(refused, StoredError::Parse { .. }), "{refused}");
    }
}

#[test]
fn stored_chain_resumes_with_its_saved_weight() {
    let blocks = chain(&[1, 2, 1], "us");
    let hash = blocks[2].hash().to_string();
    let row = Stored {
        height: Height::new(3).unwrap(),
        hash: &hash,
        text: blocks[2].text().as_bytes(),
        saved: Some("272"),
    };
    let mut chain = toy(1).resume(row, Proofs::Checked).unwrap();
    assert_eq!(chain.tip(), Some(blocks[2].tip()));
    let last = chain.push(blocks[3].text().as_bytes(), now()).unwrap();
    assert_eq!((last.tip(), last.saved()), (blocks[3].tip(), Some("288")));
    let refused = toy(1).resume(Stored { saved: None, ..row }, Proofs::Checked).map(drop);
    assert!(matches!(refused, Err(StoredError::State(height)) if height.get() == 3), "{refused:?}");
}

#[test]
fn changed_weight_of_a_stored_block_is_found() {
    let blocks = chain(&[1, 2], "us");
    let hashes: Vec<String> = blocks.iter().map(|block| block.hash().to_string()).collect();
    let saved = ["0", "16", "999"];
    let rows: Vec<_> = (0..3)
        .map(|at| Stored {
            height: Height::new(at as u64 + 1).unwrap(),
            hash: &hashes[at],
            text: blocks[at].text().as_bytes(),
            saved: Some(saved[at]),
        })
        .collect();
    let (mut chain, mut seen) = (toy(1).begin(Proofs::Checked), 0);
    let refused = chain.push_stored(&rows, &mut |_| seen += 1);
    assert!(matches!(refused, Err(StoredError::State(height)) if height.get() == 3), "{refused:?}");
    assert_eq!((seen, chain.tip()), (2, Some(blocks[1].tip())));
}

#[test]
fn glance_sees_height_and_previous_block() {
    let blocks = chain(&[1], "us");
    let glance =
        |block: &CheckedBlock<'_>| toy(1).glance(&block.text().as_bytes()[..100.min(block.text().len())]);
    assert_eq!(glance(&blocks[0]).map(|glance| (glance.height, glance.previous)), Some((1, None)));
    assert_eq!(
        glance(&blocks[1]).map(|glance| (glance.height, glance.previous)),
        Some((2, Some(blocks[0].hash())))
    );
}
