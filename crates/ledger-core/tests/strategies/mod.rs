//! Any block, for properties that hold for all.

use ledger_core::{Amount, Block, BlockHash, Number, PreviousHash, Transaction};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<u64>().prop_map(Number::from),
        any::<i64>().prop_map(Number::from),
        (0..2_000_000_000_000_000u64).prop_map(|micros| Number::try_from(micros as f64 / 1e6).unwrap()),
        (-9.2e18..9.2e18).prop_map(|float| Number::try_from(float).unwrap()),
        any::<f64>().prop_filter_map("in range", |float| Number::try_from(float).ok()),
    ]
}

/// Texts of characters that all stand for themselves in JSON, and any others.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -!#-\\[\\]-~]{0,100}", any::<String>()]
}

pub(crate) fn transaction() -> impl Strategy<Value = Transaction> {
    let amount = prop_oneof![number().prop_map(Amount::from), text().prop_map(Amount::Text)];
    (amount, text(), text()).prop_map(|(amount, recipient, sender)| Transaction { amount, recipient, sender })
}

fn previous_hash() -> impl Strategy<Value = PreviousHash> {
    prop_oneof![
        Just(PreviousHash::GenesisNumber),
        Just(PreviousHash::GenesisText),
        any::<[u8; 32]>().prop_map(|bytes| PreviousHash::Hash(BlockHash::from_bytes(bytes))),
    ]
}

pub(crate) fn block() -> impl Strategy<Value = Block> {
    let transactions = prop::collection::vec(transaction(), 0..4);
    (any::<u64>(), previous_hash(), any::<u64>(), number(), transactions).prop_map(
        |(index, previous_hash, proof, timestamp, transactions)| Block {
            index,
            previous_hash,
            proof,
            timestamp: timestamp.into(),
            transactions,
        },
    )
}
