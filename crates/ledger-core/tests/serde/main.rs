//! Blocks, transactions and their parts in other types and formats: what is written reads back as an equal value with the
//! same hash, or is refused.

mod attributes;
mod exact;
mod formats;
mod properties;
mod readers;
#[path = "../strategies/mod.rs"]
mod strategies;
mod wrappers;

use ledger_core::Members;

/// A block with every kind of value that a user may send, and text that needs escapes.
fn sample() -> Members<'static> {
    let hash = "28c157979485e21ae76a5714c16dcab6df51b084a64d90408922b9f0e1fc487e";
    let json = format!(
        r#"{{"index": 2, "previous_hash": "{hash}", "proof": 36943, "timestamp": 1506057125.9007852, "transactions": [
            {{"amount": 5, "recipient": "bob", "sender": "alice"}},
            {{"amount": 5.0, "recipient": "Zo\u00eb \"\\\n", "sender": "alice"}},
            {{"amount": "5", "recipient": "", "sender": "alice"}},
            {{"amount": 0.1, "recipient": "null", "sender": "0"}}]}}"#
    );
    json.parse().unwrap()
}

/// The text of a block whose amount and recipient are this JSON.
fn odd_text(json: &str) -> String {
    let block = Members { transactions: Vec::new(), ..sample() }.to_string();
    let payment = format!(r#"{{"amount": {json}, "recipient": {json}, "sender": "alice"}}"#);
    block.replace("[]", &format!("[{payment}]"))
}

/// The block with the text [`odd_text`].
fn odd(json: &str) -> Members<'static> {
    odd_text(json).parse().unwrap()
}
