//! Handlers that answer what the chain says.
//!
//! - `chain`: the whole chain; `blocks`: one block
//! - `addresses`: the payments of an address; `wallets`: all wallets

pub(super) mod addresses;
pub(super) mod blocks;
pub(super) mod chain;
pub(super) mod wallets;
