//! Reading in place gives the same blocks as reading with copies, and accepts only canonical texts.

use ledger_core::{Amount, Block, Members, ParseError, Recipient, Transaction, canonical};
use proptest::prelude::*;

mod strategies;

use strategies::{block, compact};

/// Reads a block with copies: a leading space rules out reading in place.
fn copied(json: &[u8]) -> Result<Members<'static>, ParseError> {
    Members::from_json(&[b" ", json].concat()).map(Members::into_owned)
}

/// Whether every amount and recipient of a block is of a kind that a user may send.
fn is_plain(block: &Members<'_>) -> bool {
    let plain = |payment: &Transaction<'_>| {
        !matches!(payment.amount, Amount::Other(_)) && !matches!(payment.recipient, Recipient::Other(_))
    };
    block.transactions.iter().all(plain)
}

/// Bytes that are likely to leave a changed text nearly well-formed.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![prop::sample::select(b"0123456789-+.eE \"\\,:{}[]u\n\x7f\x80".to_vec()), any::<u8>()]
}

fn check(json: &[u8]) -> Result<(), TestCaseError> {
    let copied = copied(json).ok();
    prop_assert_eq!(Members::from_json(json).ok(), copied.clone());
    prop_assert_eq!(Block::from_json(json).ok(), copied.clone().map(Block::new));
    if let Some(read) = Members::of_canonical(json) {
        let copied = copied.expect("what is read in place is a block");
        prop_assert_eq!(canonical::text(&copied).into_bytes(), json);
        prop_assert_eq!(read, copied);
    }
    Ok(())
}

proptest! {
    #[test]
    fn canonical_text_without_escapes_is_read_in_place(block in block()) {
        let text = canonical::text(&block);
        let read = Members::of_canonical(text.as_bytes());
        prop_assert_eq!(read.is_some(), !text.contains('\\') && is_plain(&block));
        let encoded = Block::from_json(text.as_bytes()).unwrap();
        prop_assert_eq!(encoded.is_borrowed(), read.is_some());
        prop_assert_eq!(encoded.text(), &text);
        if let Some(read) = read {
            prop_assert_eq!(&read, &block);
            prop_assert_eq!(read.into_owned(), block);
        }
        check(text.as_bytes())?;
    }

    #[test]
    fn both_readers_agree_on_a_changed_text(
        block in block(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), byte(), 0..3), 1..3),
    ) {
        let mut text = canonical::text(&block).into_bytes();
        for (at, byte, kind) in changes {
            let at = at.index(text.len());
            match kind {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ => drop(text.remove(at)),
            }
        }
        check(&text)?;
    }

    #[test]
    fn both_readers_agree_on_numbers_in_any_spelling(spelling in "-?[0-9]{1,20}(\\.[0-9]{0,18})?([eE][-+]?[0-9]{1,3})?") {
        for text in [
            format!("{{\"index\": {spelling}, \"previous_hash\": 1, \"proof\": 1, \"timestamp\": 1, \"transactions\": []}}"),
            format!("{{\"index\": 1, \"previous_hash\": {spelling}, \"proof\": 1, \"timestamp\": 1, \"transactions\": []}}"),
            format!("{{\"index\": 1, \"previous_hash\": 1, \"proof\": 1, \"timestamp\": {spelling}, \"transactions\": []}}"),
            format!("{{\"index\": 1, \"previous_hash\": 1, \"proof\": 1, \"timestamp\": 1, \"transactions\": \
                [{{\"amount\": {spelling}, \"recipient\": \"a\", \"sender\": \"b\"}}]}}"),
        ] {
            check(text.as_bytes())?;
        }
    }

    #[test]
    fn compact_text_is_not_read_in_place(block in block()) {
        let compact = compact(&block);
        prop_assert!(Members::of_canonical(&compact).is_none());
        prop_assert!(!Block::from_json(&compact).unwrap().is_borrowed());
        check(&compact)?;
    }
}

proptest! {
    #[test]
    fn reading_together_equals_reading_alone(
        texts in prop::collection::vec(prop_oneof![
            4 => block().prop_map(|block| canonical::text(&block).into_bytes()),
            1 => prop::collection::vec(byte(), 0..40),
        ], 0..50),
    ) {
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let alone: Vec<_> = texts.iter().map(|text| Block::of_canonical(text)).collect();
        prop_assert_eq!(Block::of_canonical_all(&texts), alone);
    }
}
