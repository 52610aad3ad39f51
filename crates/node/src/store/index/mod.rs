//! Which payments concern an address: an index beside the blocks.
//!
//! 1. `keys`: the key of an address
//! 2. `entry`: a payment of an address, and how a row lists some of them
//! 3. `rows`: the rows of blocks that are written together; removing and copying rows
//! 4. `owner`: whose the entries of a row are
//! 5. `history`: the payments of an address, read from its rows

pub(crate) mod entry;
mod history;
mod keys;
mod owner;
pub(crate) mod rows;

pub(crate) use entry::Entry;
pub(crate) use history::{Wanted, of_address};
pub(crate) use keys::{Key, Keys, key};
pub(crate) use rows::SEGMENT;
