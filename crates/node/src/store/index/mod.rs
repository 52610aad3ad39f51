//! Which payments concern an address: an index beside the blocks.
//!
//! 1. `keys`: the key of an address
//! 2. `entry`: a payment of an address, and how a row lists some of them
//! 3. `rows`: the rows of blocks that are written together; reading and removing them

pub(crate) mod entry;
mod keys;
pub(crate) mod rows;

pub(crate) use entry::Entry;
pub(crate) use keys::{Keys, key};
pub(crate) use rows::SEGMENT;
