//! The shapes of blocks and payments, which the handlers write as texts, not from types.

#![expect(dead_code, reason = "only the schemas of these types are used")]

use ledger_core::MAX_AMOUNT_TEXT;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

/// A decimal number above zero: some digit, before or after the point, is not 0.
const POSITIVE_DECIMAL: &str = r"^([0-9]*[1-9][0-9]*(\.[0-9]+)?|[0-9]+\.[0-9]*[1-9][0-9]*)$";

/// A block. Its hash is the SHA-256 of its canonical text.
#[derive(ToSchema)]
pub(in crate::api) struct Block {
    /// Its position in the chain, from 1.
    index: u64,
    /// The hash of the block before: 64 lower-case hex digits. In a genesis the number 1 or the text "1".
    previous_hash: Value,
    /// The number that solves the puzzle of the block before.
    proof: u64,
    /// When it was made, in seconds since 1970. A neighbour's block may have an integer.
    timestamp: f64,
    /// Its payments; the reward comes last.
    transactions: Vec<Transaction>,
}

/// A payment in a block or in the pool.
#[derive(ToSchema)]
pub(in crate::api) struct Transaction {
    /// A number or a text. In a neighbour's block it may be any value, even NaN, which is not JSON.
    amount: Value,
    /// The recipient: any text. In a neighbour's block it may be any value.
    recipient: Value,
    /// The sender's address; "0" for a reward.
    sender: String,
}

/// A chain, or a part of it.
#[derive(ToSchema)]
pub(in crate::api) struct Chain {
    /// The blocks, the oldest first.
    chain: Vec<Block>,
    /// The number of blocks of the whole chain.
    length: u64,
}

/// A block that was mined.
#[derive(ToSchema)]
pub(in crate::api) struct MinedBlock {
    /// Its position in the chain.
    index: u64,
    /// "New Block Created".
    message: String,
    /// The hash of the block before. A node's own block is never a genesis.
    previous_hash: String,
    /// Its proof.
    proof: u64,
    /// Its payments; the reward comes last.
    transactions: Vec<Transaction>,
}

/// The payments that wait for a block, the pool.
#[derive(ToSchema)]
pub(in crate::api) struct WaitingPayments {
    /// The number of all that wait.
    length: u64,
    /// The payments, in order of arrival.
    transactions: Vec<Transaction>,
}

/// An address and its payments.
#[derive(ToSchema)]
pub(in crate::api) struct Account {
    /// The address.
    address: String,
    /// The number of its payments.
    length: u64,
    /// The `from` of the next page; null at the end.
    #[schema(required)]
    next: Option<u64>,
    /// A page of its payments, in the order of the chain.
    payments: Vec<AccountPayment>,
    /// The sum that it was paid; null if it is too large for a float.
    #[schema(required)]
    received: Option<f64>,
    /// The sum that it paid.
    #[schema(required)]
    sent: Option<f64>,
    /// The difference, which may be negative.
    #[schema(required)]
    sum: Option<f64>,
    /// The number of payments whose amount is not a number. The sums omit them.
    uncounted: u64,
}

/// A payment of an address.
#[derive(ToSchema)]
pub(in crate::api) struct AccountPayment {
    /// The index of its block.
    block: u64,
    /// The payment.
    transaction: Transaction,
}

/// The result of a comparison of chains. It has `new_chain` if our chain was replaced, else `chain`.
#[derive(ToSchema)]
pub(in crate::api) struct Comparison {
    /// Our chain, which stayed.
    chain: Option<Vec<Block>>,
    /// "Our chain was replaced" or "Our chain is authoritative".
    message: String,
    /// The outcome for each neighbour, sorted by address.
    neighbours: Vec<ComparedNeighbour>,
    /// Our chain, which is another one now.
    new_chain: Option<Vec<Block>>,
}

/// The outcome for a neighbour in a comparison.
#[derive(ToSchema)]
pub(in crate::api) struct ComparedNeighbour {
    /// `host:port`.
    address: String,
    /// "adopted", "not longer", "invalid chain", "no answer" and others.
    outcome: String,
    /// A message about it, of at most 200 characters.
    reason: String,
}

/// A signed payment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct SentPayment {
    #[schema(schema_with = sent_amount)]
    amount: Value,
    /// The recipient: any text but a private key.
    recipient: String,
    /// The sender's address: the base64 of a public RSA key in PEM.
    #[schema(format = "address")]
    sender: String,
    /// The signature: base64 of RSASSA-PKCS1-v1_5 with MD5 over sender, recipient and amount.
    #[schema(format = "signature", pattern = "^([A-Za-z0-9+/]{4})+$")]
    signature: String,
}

/// An amount as a user sends it.
fn sent_amount() -> Schema {
    let number = ObjectBuilder::new().schema_type(Type::Number);
    let number = number.exclusive_minimum(Some(0)).exclusive_maximum(Some(1_u64 << 63));
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(POSITIVE_DECIMAL));
    let text = text.max_length(Some(MAX_AMOUNT_TEXT));
    let says = "A number above zero, or a decimal number as text. It is stored and hashed as sent.";
    OneOfBuilder::new().item(number).item(text).description(Some(says)).into()
}

/// Neighbours to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct SentNodes {
    /// The neighbours.
    nodes: Vec<SentNode>,
}

/// A node's address, as `host:port` or `http://host:port`. The host is a name or an IP address, IPv6 in brackets.
#[derive(Deserialize, ToSchema)]
#[schema(format = "node-address")]
pub(in crate::api) struct SentNode(String);

/// Blocks to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct SentBlocks {
    /// The blocks, a genesis first; anything else gets a verdict, too.
    #[schema(max_items = 256)]
    blocks: Vec<Value>,
    /// Leading zeros that each proof's hash needs. The node's own if it is missing.
    #[schema(minimum = 0, maximum = 64)]
    #[serde(default)]
    difficulty: u8,
}
