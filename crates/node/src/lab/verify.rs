//! Checks blocks one by one.

use std::sync::Arc;

use ledger_core::seam::{BlockError, Chain, Proofs, RuleSet, Stored};
use ledger_core::{BlockHash, Height, Timestamp};

use super::{Broken, Verdict};

/// Checks each block against the one before it. After a block that breaks a rule, the check continues as if the block were valid,
/// so that a change in the past shows what it breaks and what it does not.
pub fn verify(rules: &Arc<dyn RuleSet>, blocks: &[&[u8]], now: Timestamp) -> Vec<Verdict> {
    let mut chain = Some(Arc::clone(rules).begin(Proofs::Checked));
    let mut first = None;
    let mut verdicts = Vec::with_capacity(blocks.len());
    for (position, json) in (1..).zip(blocks) {
        let text = rules.canonical_text(json).ok();
        let hash = text.as_deref().map(BlockHash::of_text);
        let broken = match &mut chain {
            Some(chain) => chain.push(json, now).err().map(Broken::from),
            // The text before is not a block of that position: there is nothing to check this one against.
            None => rules
                .canonical_text(json)
                .err()
                .map(|error| BlockError::Parse { height: position, error }.into()),
        };
        if broken.is_some() || chain.is_none() {
            chain = text.as_deref().and_then(|text| continue_after(rules, position, text));
        }
        verdicts.push(Verdict { position, hash, rests_on: first, broken });
        let is_first = first.is_none() && verdicts.last().is_some_and(|verdict| verdict.broken.is_some());
        first = if is_first { Some(position) } else { first };
    }
    verdicts
}

/// The chain after a block that was not checked; `None` if the block claims another position.
fn continue_after(rules: &Arc<dyn RuleSet>, position: u64, text: &str) -> Option<Box<dyn Chain>> {
    let hash = BlockHash::of_text(text).to_string();
    let stored = Stored { height: Height::new(position)?, hash: &hash, text: text.as_bytes(), saved: None };
    Arc::clone(rules).resume(stored, Proofs::Checked).ok()
}

#[cfg(test)]
mod tests {
    use ledger_core::{Difficulty, Pool};

    use super::*;
    use crate::store::testing::rules_at;

    /// Three blocks at difficulty 1: a genesis and two that solve its puzzle and the next.
    fn chain() -> Vec<String> {
        let (rules, now) = (rules_at(1), Timestamp::from_micros(1_506_057_125_900_785));
        let (genesis, mut state) = rules.genesis(now);
        let mut texts = vec![genesis.text().to_owned()];
        for _ in 0..2 {
            let draft = rules.draft(&state, &Vec::new, &"bob".into(), now);
            let pool = Pool::new(0);
            let completed = |proof| rules.complete(&state, &draft, proof, &pool, now);
            let (next, _) = (0..).find_map(|proof| completed(proof).ok()).unwrap();
            let (block, after) = next.into_parts();
            texts.push(block.text().to_owned());
            state = after;
        }
        texts
    }

    fn words(blocks: &[String]) -> Vec<(&'static str, Option<&'static str>)> {
        let blocks: Vec<&[u8]> = blocks.iter().map(|block| block.as_bytes()).collect();
        let verdicts = verify(&rules_at(1), &blocks, Timestamp::from_micros(0));
        verdicts
            .iter()
            .map(|verdict| (verdict.word(), verdict.broken.as_ref().map(|broken| broken.rule)))
            .collect()
    }

    #[test]
    fn valid_blocks_are_valid() {
        assert_eq!(words(&chain()), [("valid", None); 3]);
        assert_eq!(words(&[]), []);
    }

    #[test]
    fn change_in_the_past_breaks_the_next_block_only() {
        let mut blocks = chain();
        blocks[1] = blocks[1].replace("\"bob\"", "\"eve\"");
        assert_eq!(words(&blocks), [("valid", None), ("valid", None), ("broken", Some("previous_hash"))]);
        let mut blocks = chain();
        blocks[0] = blocks[0].replace("125.9", "126.9");
        let expected = [("valid", None), ("broken", Some("previous_hash")), ("rests", None)];
        assert_eq!(words(&blocks), expected);
    }

    #[test]
    fn check_continues_after_an_unreadable_block() {
        let mut blocks = chain();
        blocks[1] = "{}".into();
        let expected = [("valid", None), ("broken", Some("form")), ("rests", None)];
        assert_eq!(words(&blocks), expected);
        blocks[2] = "5".into();
        assert_eq!(words(&blocks)[2], ("rests", Some("form")));
    }

    #[test]
    fn message_and_sides_show_the_mismatch() {
        let mut blocks = chain();
        blocks[0] = blocks[0].replace("125.9", "126.9");
        let blocks: Vec<&[u8]> = blocks.iter().map(|block| block.as_bytes()).collect();
        let verdicts = verify(&rules_at(1), &blocks, Timestamp::from_micros(0));
        let broken = verdicts[1].broken.as_ref().unwrap();
        let sides = broken.sides.as_ref().unwrap();
        assert_eq!(sides.expected, verdicts[0].hash.unwrap().to_string());
        assert!(
            broken.says.contains(&sides.expected) && broken.says.contains(&sides.found),
            "{}",
            broken.says
        );
        assert_eq!(verdicts[2].rests_on, Some(2));
    }

    #[test]
    fn proofs_are_checked_at_the_difficulty_asked_for() {
        let harder = rules_at(1).at_difficulty(Difficulty::new(64).unwrap()).unwrap();
        let texts = chain();
        let blocks: Vec<&[u8]> = texts.iter().map(|block| block.as_bytes()).collect();
        let verdicts = verify(&harder, &blocks, Timestamp::from_micros(0));
        let broken = verdicts[1].broken.as_ref().unwrap();
        assert_eq!((broken.rule, &*broken.sides.as_ref().unwrap().expected), ("proof", &*"0".repeat(64)));
    }
}
