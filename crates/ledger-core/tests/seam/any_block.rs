//! What holds for every classic block, not only for the vectors.

use ledger_core::seam::{BlockText, Movement, Rules, payment_texts};
use ledger_core::{Block, ClassicRules, Difficulty, Members, Transaction, classic::Classic};
use proptest::prelude::*;

use crate::harness::classic_at;
use crate::strategies::{block, compact};

fn movements(block: &Members<'_>) -> Vec<Movement<'static>> {
    block.transactions.iter().cloned().map(Transaction::into_owned).map(Movement::from).collect()
}

proptest! {
    #[test]
    fn movements_of_a_stored_text_match_the_block(members in block()) {
        let (rules, block) = (classic_at(1), Block::new(members));
        let of_block = rules.movements(block.text().as_bytes()).unwrap();
        prop_assert_eq!(&of_block, &movements(&block));
        let of_payments: Vec<_> = payment_texts(block.text()).map(|text| rules.movement(text).unwrap()).collect();
        prop_assert_eq!(of_payments, of_block);
    }

    #[test]
    fn block_splits_into_text_and_movements(members in block()) {
        let block = Block::new(members);
        let expected = (block.text().to_owned(), movements(&block));
        let (text, movements) = BlockText::into_parts(block);
        prop_assert_eq!((text.into_owned(), movements), expected);
    }

    #[test]
    fn glance_agrees_with_the_block(members in block()) {
        let block = Block::new(members);
        let text = block.text().as_bytes();
        let glance = classic_at(1).glance(&text[..text.len().min(200)]).unwrap();
        prop_assert_eq!(glance.height, block.height());
        prop_assert_eq!(glance.previous, block.previous());
    }

    #[test]
    fn reading_together_equals_reading_alone(blocks in prop::collection::vec(block(), 0..4)) {
        let texts: Vec<Vec<u8>> = blocks
            .iter()
            .enumerate()
            .map(|(at, members)| if at % 2 == 0 { members.to_string().into_bytes() } else { compact(members) })
            .chain([b"{}".to_vec()])
            .collect();
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let rules = Classic::new(ClassicRules::new(Difficulty::default()), 1u64.into());
        let one_by_one: Vec<_> = texts.iter().map(|text| rules.read(text, usize::MAX)).collect();
        prop_assert_eq!(rules.read_each(&texts), one_by_one);
    }
}
