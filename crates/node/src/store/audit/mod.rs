//! Checks whether stored data was changed.
//!
//! 1. `structure`: one row per block, and the newest blocks in full
//! 2. `walk`, `slice`: consecutive blocks, a few at a time
//! 3. `index_pages`: the index of payments, page by page
//! 4. `digest`: compares the index with the blocks

mod digest;
pub(crate) mod index_pages;
mod slice;
mod structure;
mod walk;

pub(crate) use structure::{newest, newest_from, structure};
pub(crate) use walk::{Scope, Walk};
