//! Properties of every block and chain, not only of the vectors.

use std::ops::ControlFlow;

use ledger_core::seam::payment_texts;
use ledger_core::{
    Amount, Block, BlockHash, ChainReader, ClassicRules, Difficulty, Members, Number, PreviousHash, Puzzle,
    Recipient, RuleViolation, Search, StreamError, Timestamp, Tip, Transaction, canonical, verify_chain,
};
use proptest::prelude::*;

mod strategies;

use strategies::{block, compact, transaction};

/// A valid chain: a genesis, and a block for every two payments.
fn chain(payments: Vec<Transaction<'static>>) -> Vec<Members<'static>> {
    let mut chain = vec![Members::genesis(Timestamp::from_micros(1_500_000_000_123_456))];
    for pair in payments.chunks(2) {
        let last = chain.last().unwrap();
        let search = rules().puzzle_after(last).search(0..u64::MAX, |_| ControlFlow::Continue(()));
        let Search::Found(proof) = search else { panic!("no proof") };
        chain.push(Members {
            index: last.index + 1,
            previous_hash: PreviousHash::Hash(last.hash()),
            proof,
            timestamp: Timestamp::from_micros(1_500_000_001_000_000),
            transactions: pair.to_vec(),
        });
    }
    chain
}

fn verify(chain: &[Members<'_>]) -> Result<Tip, RuleViolation> {
    let blocks: Vec<Block<'_>> = chain.iter().cloned().map(Block::new).collect();
    verify_chain(rules(), &blocks)
}

fn rules() -> ClassicRules {
    ClassicRules::new(Difficulty::new(1).unwrap())
}

/// Changes one member of a block.
fn mutate(block: &mut Members<'_>, member: usize, by: u64) {
    let changed = |text: &str| format!("{text}{by}");
    match member {
        0 => block.index = block.index.wrapping_add(by),
        1 => block.previous_hash = PreviousHash::Hash(BlockHash::of_text(&by.to_string())),
        2 => block.proof = block.proof.wrapping_add(by),
        3 => block.timestamp = Timestamp::from_micros(by),
        4 => block.transactions[0].sender = changed(&block.transactions[0].sender).into(),
        5 => block.transactions[0].recipient = changed(block.transactions[0].recipient.as_str()).into(),
        6 => {
            let amount = format!("{}{by}", block.transactions[0].amount);
            block.transactions[0].amount = Amount::Text(amount.into());
        }
        7 => block.transactions.swap(0, 1),
        8 => drop(block.transactions.pop()),
        _ => block.transactions.push(Transaction::reward("thief", by)),
    }
}

proptest! {
    #[test]
    fn written_block_reads_back_with_the_same_hash(block in block()) {
        let text = canonical::text(&block);
        prop_assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        let read = Members::from_json(text.as_bytes()).unwrap();
        prop_assert_eq!(&read, &block);
        prop_assert_eq!(read.hash(), BlockHash::of_text(&text));
        let texts: Vec<String> = block.transactions.iter().map(canonical::transaction_text).collect();
        prop_assert_eq!(payment_texts(&text).collect::<Vec<_>>(), texts);
        let compact = compact(&block);
        prop_assert_eq!(Members::from_json(&compact).unwrap().hash(), block.hash());
    }

    #[test]
    fn block_inside_json_reads_back_or_is_refused(block in block()) {
        match serde_json::to_string(&[&block]) {
            Ok(json) => {
                prop_assert_eq!(&json, &format!("[{}]", canonical::text(&block)));
                prop_assert_eq!(&serde_json::from_str::<Vec<Members>>(&json).unwrap(), &[block][..]);
            }
            Err(error) => {
                let known = block.transactions.iter().all(|payment| {
                    !matches!(payment.amount, Amount::Other(_)) && !matches!(payment.recipient, Recipient::Other(_))
                });
                prop_assert!(!known && error.to_string().starts_with("JSON has no NaN"), "{}", error);
            }
        }
    }

    #[test]
    fn timestamp_in_a_serde_json_value_keeps_its_last_digit(seconds in 0.0..2e9_f64) {
        let block = Members::genesis(Timestamp::try_from(seconds).unwrap());
        let value = serde_json::to_value(&block).unwrap();
        prop_assert_eq!(serde_json::from_value::<Members>(value).unwrap(), block);
    }

    #[test]
    fn changed_member_of_a_buried_block_is_refused(
        payments in prop::collection::vec(transaction(), 8),
        at in 1usize..4,
        member in 0usize..10,
        by in 1u64..1_000_000,
    ) {
        let mut chain = chain(payments);
        let before = chain[at].clone();
        mutate(&mut chain[at], member, by);
        prop_assume!(chain[at] != before);
        let violation = verify(&chain).unwrap_err();
        prop_assert!((at as u64 + 1..=at as u64 + 2).contains(&violation.block().unwrap()));
    }

    #[test]
    fn missing_or_moved_block_is_refused(payments in prop::collection::vec(transaction(), 8), at in 0usize..4) {
        let chain = chain(payments);
        let mut shorter = chain.clone();
        shorter.remove(at);
        prop_assert!(verify(&shorter).is_err());
        let mut swapped = chain;
        swapped.swap(at, at + 1);
        prop_assert!(verify(&swapped).is_err());
    }

    #[test]
    fn search_in_parts_equals_one_search(
        last_proof in any::<u64>(), seed in any::<u64>(), zeros in 0u8..3, step in 1u64..700,
    ) {
        let hash = BlockHash::of_text(&seed.to_string());
        let puzzle = Puzzle::new(last_proof, hash, Difficulty::new(zeros).unwrap());
        let go_on = |_| ControlFlow::Continue(());
        let whole = puzzle.search(0..u64::MAX, go_on);
        let parts = (0..).map(|part| puzzle.search(part * step..(part + 1) * step, go_on));
        prop_assert_eq!(parts.into_iter().find(|search| *search != Search::Exhausted), Some(whole));
        let Search::Found(proof) = whole else { panic!("not found") };
        prop_assert!(puzzle.guess_hash(proof).to_string().starts_with(&"0".repeat(usize::from(zeros))));
    }

    #[test]
    fn chain_reads_the_same_in_pieces_of_any_size(
        blocks in prop::collection::vec(block(), 0..4), size in 1usize..200, length_first in any::<bool>(),
    ) {
        let list: Vec<String> = blocks.iter().map(canonical::text).collect();
        let chain = format!("\"chain\": [{}]", list.join(" ,\n"));
        let body = if length_first { format!("{{\"length\": 5, {chain}}}") } else { format!("{{{chain},\"length\":[\"}}\",{{}}]}}\n") };
        let mut reader = ChainReader::new(1 << 20);
        let mut read = Vec::new();
        for piece in body.as_bytes().chunks(size) {
            reader.feed(piece, |json| { read.push(Members::from_json(json).unwrap().into_owned()); Ok::<(), StreamError>(()) })?;
        }
        prop_assert_eq!(reader.finish(), Ok(()));
        prop_assert_eq!(read, blocks);
    }

    #[test]
    fn readers_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), json in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,80}") {
        let _ = Members::from_json(&bytes);
        let _ = payment_texts(&format!("\"transactions\": [{json}")).count();
        let _ = Number::parse(&json);
        for input in [bytes.as_slice(), json.as_bytes(), format!("{{\"chain\":[{json}").as_bytes()] {
            let mut reader = ChainReader::new(100);
            let _ = reader.feed(input, |_| Ok::<(), StreamError>(()));
            let _ = reader.finish();
        }
    }
}
