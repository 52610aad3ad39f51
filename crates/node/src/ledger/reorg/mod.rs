//! What a chain that replaces ours means for our payments.
//!
//! - `plan`: which of them it lacks, worked out before the writer is asked
//! - `verify`: verifying payments that a store kept
//! - `pool_change`: the plan brought up to date by the writer

mod plan;
mod pool_change;
mod verify;

#[cfg(test)]
pub(super) use plan::plan_in_shares;
pub(super) use plan::{Plan, plan};
pub(super) use pool_change::{PoolChange, pool_change};
pub(super) use verify::verify;
pub use verify::verify_payment;
