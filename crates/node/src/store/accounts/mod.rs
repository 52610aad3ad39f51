//! The payments of an address, and their totals.
//!
//! 1. `total`: a sum of amounts
//! 2. `tally`: the totals of an address, and their cache
//! 3. `account`: a page of payments, with the totals

pub(crate) mod account;
mod tally;
mod total;

pub use tally::Tallies;
