//! What happens to our payments when another chain replaces ours.
//!
//! - `plan`: works out which of them the new chain lacks, before the writer adopts it
//! - `verify`: verifies payments from the store
//! - `pool_change`: brings the plan up to date in the writer

mod plan;
mod pool_change;
mod verify;

#[cfg(test)]
pub(super) use plan::plan_in_shares;
pub(super) use plan::{Plan, plan};
pub(super) use pool_change::{PoolChange, pool_change};
pub(super) use verify::verify;
pub use verify::verify_payment;
