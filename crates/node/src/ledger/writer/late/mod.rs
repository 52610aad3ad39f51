//! Payments that other nodes relay although this node holds them already. They must not enter the pool: they would be paid
//! twice, and no rule could tell.
//!
//! - `late`: [`LatePayments`], which tells them from new ones
//! - `unverified`: payments in our newest blocks that have not been relayed yet: their block overtook them
//! - `heard`: payments heard before the start, which peers may relay once more

mod heard;
#[expect(clippy::module_inception, reason = "the room is named after what it is about")]
mod late;
mod unverified;

pub(super) use late::{Late, LatePayments, keep_signature};
