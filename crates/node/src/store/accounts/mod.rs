//! The payments of an address, and their totals.
//!
//! 1. `total`: a sum of amounts
//! 2. `tally`: the totals of an address, and their cache
//! 3. `account`: a page of payments, with the totals
//! 4. `roll`: the wallets that the chain names, with their totals

pub(crate) mod account;
mod roll;
mod tally;
mod total;

pub use roll::Roll;
pub(crate) use roll::Wallet;
pub use tally::Tallies;
