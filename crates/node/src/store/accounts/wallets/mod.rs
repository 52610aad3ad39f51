//! The wallets that the chain names, by fingerprint.
//!
//! - `sums`: what each has mined, received and paid
//! - `cache`: keeps the sums up to date with the chain

mod cache;
mod sums;

pub use cache::WalletCache;
pub(crate) use sums::Wallet;
