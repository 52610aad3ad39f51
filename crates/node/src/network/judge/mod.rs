//! Verdicts on what other nodes send.
//!
//! - `block`: blocks, one at a time
//! - `orphans`: blocks that wait for their parent
//! - `rivals`: blocks beside our chain, which may win with a later one
//! - `append`: checks a block that follows our tip, and appends it
//! - `branch`: switches to another branch whose blocks are all here
//! - `payment`: payments

mod append;
mod block;
mod branch;
mod orphans;
mod payment;
mod rivals;
#[cfg(test)]
mod tests;

pub(super) use block::BlockJudge;
pub(super) use payment::judge_payment;
