//! The tables, and the marks and seals that show whether files belong together.
//!
//! 1. `mark`: how a database's node stopped, and which log belongs to it
//! 2. `schema`: the layout, and migrations from older ones
//! 3. `header`: the headers of database and log, read without SQLite
//! 4. `journal`: whether a rollback journal belongs to a database
//! 5. `seal`, `tip_seal`: checksums of the small tables and of the last block

mod header;
pub(crate) mod journal;
pub(crate) mod mark;
pub(crate) mod schema;
pub(crate) mod seal;
pub(crate) mod tip_seal;

pub(crate) use header::{Header, Log};
pub(crate) use mark::{LogId, Mark, State};
pub(crate) use seal::Sealed;
