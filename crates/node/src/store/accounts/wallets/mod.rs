//! The wallets that the chain names, by fingerprint.
//!
//! - `sums`: what each has mined, received and paid
//! - `cache`: keeps that up with the chain

mod cache;
mod sums;

pub use cache::WalletCache;
pub(crate) use sums::Wallet;
