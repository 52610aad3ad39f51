//! The small tables.
//!
//! - `pool`: payments that wait for a block
//! - `peers`: registered peers
//! - `wallet`: the wallet that the ledger is used with

pub(crate) mod peers;
pub(crate) mod pool;
pub(crate) mod wallet;
