//! Whether what is stored was changed since it was written.
//!
//! 1. `structure`: one row for each block, and the newest blocks in full
//! 2. `walk`, `slice`: consecutive blocks, a few at a time
//! 3. `index_pages`: the index of payments, a page at a time
//! 4. `digest`: comparing the two

mod digest;
pub(crate) mod index_pages;
mod slice;
mod structure;
mod walk;

pub(crate) use structure::{newest, newest_from, structure};
pub(crate) use walk::{Scope, Walk};
