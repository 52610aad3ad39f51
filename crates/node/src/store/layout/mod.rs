//! The tables, and the marks and seals by which a start knows that they belong together.
//!
//! 1. `mark`: how the node of a database stopped, and which log belongs to it
//! 2. `schema`: the layout, and migrations from older ones
//! 3. `header`: what database and log say of themselves, read without SQLite
//! 4. `seal`, `tip_seal`: what the small tables and the last block were

mod header;
pub(crate) mod mark;
pub(crate) mod schema;
pub(crate) mod seal;
pub(crate) mod tip_seal;

pub(crate) use header::{Header, Log};
pub(crate) use mark::{LogId, Mark, State};
pub(crate) use seal::Sealed;
