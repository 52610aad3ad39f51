//! The wallets that the chain names, by fingerprint.
//!
//! - `wallets`: what each has mined, received and paid
//! - `cache`: keeps that up with the chain

mod cache;
mod wallets;

pub use cache::Roll;
pub(crate) use wallets::Wallet;
