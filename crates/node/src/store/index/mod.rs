//! The index of payments by address.
//!
//! 1. `keys`: the key of an address
//! 2. `entry`: a payment of an address, and the entries of a row
//! 3. `rows`: writes the rows of blocks together; removes and copies rows
//! 4. `owner`: which address an entry belongs to
//! 5. `history`: the payments of an address, from its rows

pub(crate) mod entry;
mod history;
mod keys;
mod owner;
pub(crate) mod rows;

pub(crate) use entry::{Entry, value};
pub(crate) use history::{Wanted, of_address};
pub(crate) use keys::{Key, Keys, key};
pub(crate) use rows::SEGMENT;
