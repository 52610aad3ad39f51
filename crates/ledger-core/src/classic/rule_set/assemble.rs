//! The one place that builds a block.

use crate::classic::block::Block;
use crate::classic::payment::Transaction;
use crate::classic::state::State;
use crate::payment::VerifiedPayment;
use crate::position::Timestamp;

/// Builds the block after a state: payments in order, reward last. Does not check the proof.
///
/// Joins the payments' texts and reads the block from the result.
pub fn assemble<'p>(
    state: &State,
    payments: impl IntoIterator<Item = &'p VerifiedPayment>,
    proof: u64,
    reward: Option<Transaction<'_>>,
    now: Timestamp,
) -> Block<'static> {
    let mut text = format!(
        "{{\"index\": {}, \"previous_hash\": \"{}\", \"proof\": {proof}, \"timestamp\": {now}, \"transactions\": [",
        state.tip.height.next(),
        state.tip.hash,
    );
    let begin = text.len();
    let mut add = |payment: &str| {
        text.push_str(if text.len() > begin { ", " } else { "" });
        text.push_str(payment);
    };
    payments.into_iter().for_each(|payment| add(payment.text()));
    reward.iter().for_each(|reward| add(&reward.to_string()));
    text.push_str("]}");
    Block::of_text(text).expect("payments and rewards have canonical texts")
}
