//! The payments of an address, and their totals.
//!
//! 1. `total`: a sum of amounts
//! 2. `tally`: the totals of an address, and their cache
//! 3. `account`: a page of payments, with the totals
//! 4. `wallets`: the wallets that the chain names, with their totals

pub(crate) mod account;
mod tally;
mod total;
mod wallets;

pub use tally::Tallies;
pub(crate) use wallets::Wallet;
pub use wallets::WalletCache;
