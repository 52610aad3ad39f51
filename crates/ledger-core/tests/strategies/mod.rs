//! Generates any block, for property tests.

use ledger_core::{
    Amount, BlockHash, JsonText, Members, Number, PreviousHash, Recipient, Transaction, canonical,
};
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

/// Texts that need no escape in JSON, and any other text.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -!#-\\[\\]-~]{0,100}", any::<String>()]
}

/// Values that are neither a number in range nor a well-formed text.
fn other() -> impl Strategy<Value = JsonText> {
    const SCALARS: [&str; 9] = [
        "null",
        "true",
        "NaN",
        "-Infinity",
        "1e400",
        "1e22",
        "18446744073709551616",
        "-9223372036854775809",
        "\"\\ud800\"",
    ];
    let scalar = prop::sample::select(SCALARS.to_vec()).prop_map(str::to_owned);
    let text = text().prop_map(|text| canonical::string_text(&text));
    let leaf = prop_oneof![scalar.clone(), text, number().prop_map(|number| number.to_string())];
    let nested = leaf.prop_recursive(4, 32, 4, |inner| {
        let name = prop_oneof![text_name(), "[a-c]{0,2}".prop_map(|name| canonical::string_text(&name))];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec((name, inner), 0..4).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
                format!("{{{}}}", members.join(" , "))
            }),
        ]
    });
    prop_oneof![scalar, nested.prop_map(|json| format!("[{json}]"))]
        .prop_map(|json| JsonText::parse(json.as_bytes()).unwrap())
}

/// Names that sort differently by code points and by UTF-16 units.
fn text_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["\"\\ud83c\"", "\"\\ud83c\\udf89\"", "\"\u{ffff}\"", "\"\\n\"", "\"\""])
        .prop_map(str::to_owned)
}

/// A block as compact JSON, with its members in another order and no needless escapes.
pub(crate) fn compact(block: &Members<'_>) -> Vec<u8> {
    let text = |text: &str| serde_json::to_string(text).unwrap();
    let transactions = block.transactions.iter().map(|Transaction { amount, recipient, sender }| {
        let amount = match amount {
            Amount::Text(amount) => text(amount),
            other => other.to_string(),
        };
        let recipient = match recipient {
            Recipient::Text(recipient) => text(recipient),
            other => other.to_string(),
        };
        format!("{{\"sender\":{},\"recipient\":{recipient},\"amount\":{amount}}}", text(sender))
    });
    let transactions: Vec<_> = transactions.collect();
    let previous_hash = match block.previous_hash {
        PreviousHash::Hash(hash) => format!("\"{hash}\""),
        genesis => genesis.to_string(),
    };
    format!(
        "{{\"index\":{},\"timestamp\":{},\"transactions\":[{}],\"proof\":{},\"previous_hash\":{previous_hash}}}",
        block.index,
        block.timestamp.number(),
        transactions.join(","),
        block.proof
    )
    .into_bytes()
}

pub(crate) fn transaction() -> impl Strategy<Value = Transaction<'static>> {
    let amount = prop_oneof![
        4 => number().prop_map(Amount::from),
        4 => text().prop_map(|text| Amount::Text(text.into())),
        1 => other().prop_map(Amount::Other),
    ];
    let recipient =
        prop_oneof![8 => text().prop_map(Recipient::from), 1 => other().prop_map(Recipient::Other)];
    (amount, recipient, text()).prop_map(|(amount, recipient, sender)| Transaction {
        amount,
        recipient,
        sender: sender.into(),
    })
}

fn previous_hash() -> impl Strategy<Value = PreviousHash> {
    prop_oneof![
        Just(PreviousHash::GenesisNumber),
        Just(PreviousHash::GenesisText),
        any::<[u8; 32]>().prop_map(|bytes| PreviousHash::Hash(BlockHash::from_bytes(bytes))),
    ]
}

pub(crate) fn block() -> impl Strategy<Value = Members<'static>> {
    let transactions = prop::collection::vec(transaction(), 0..4);
    (any::<u64>(), previous_hash(), any::<u64>(), number(), transactions).prop_map(
        |(index, previous_hash, proof, timestamp, transactions)| Members {
            index,
            previous_hash,
            proof,
            timestamp: timestamp.into(),
            transactions,
        },
    )
}
