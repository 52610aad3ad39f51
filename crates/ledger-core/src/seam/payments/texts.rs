//! The payments of a block, as texts cut out of its canonical text.

use memchr::memmem;

use crate::json::Scan;

/// What precedes the payments. The first occurrence is the right one: strings before it hold only hex digits.
const BEFORE: &[u8] = b"\"transactions\": [";

/// The canonical texts of a block's payments, in order, cut out of the block's canonical text without parsing them. A text
/// that is not a block yields none.
///
/// Works for every rule set whose blocks keep their payments in a list `transactions`, the last member.
///
/// # Examples
///
/// ```
/// use ledger_core::{Members, Timestamp, Transaction, canonical, seam};
///
/// let mut block = Members::genesis(Timestamp::from_micros(1));
/// block.transactions = vec![Transaction::reward("miner, \"}", 1u64), Transaction::reward("[", 2u64)];
/// let text = canonical::text(&block);
/// let texts: Vec<&str> = seam::payment_texts(&text).collect();
/// assert_eq!(texts, [0, 1].map(|at| canonical::transaction_text(&block.transactions[at])));
/// ```
pub fn payment_texts(block: &str) -> impl Iterator<Item = &str> {
    let begin = memmem::find(block.as_bytes(), BEFORE).map_or(block.len(), |at| at + BEFORE.len());
    let mut rest = &block[begin..];
    std::iter::from_fn(move || {
        rest = rest.strip_prefix(", ").unwrap_or(rest);
        if !rest.starts_with('{') {
            return None;
        }
        let (text, after) = rest.split_at_checked(Scan::default().end_of_value(rest.as_bytes())?)?;
        rest = after;
        Some(text)
    })
}
