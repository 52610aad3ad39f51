//! Checks whether stored data was changed.
//!
//! 1. `structure`: one row per block, and the newest blocks in full
//! 2. `walk`, `slice`: consecutive blocks, a few at a time
//! 3. `hashes`: the index of hashes
//! 4. `index_pages`: the index of payments, page by page
//! 5. `digest`: compares the index with the blocks

mod digest;
mod hashes;
pub(crate) mod index_pages;
mod slice;
mod structure;
mod walk;

pub(crate) use structure::{newest, newest_from, structure};
pub(crate) use walk::{Scope, Walk};
