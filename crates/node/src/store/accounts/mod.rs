//! The payments of an address, and what they add up to.
//!
//! 1. `total`: a sum of amounts
//! 2. `tally`: what the payments of an address add up to, and what is remembered of it
//! 3. `account`: a page of the payments, with the totals of all

pub(crate) mod account;
mod tally;
mod total;

pub use tally::Tallies;
