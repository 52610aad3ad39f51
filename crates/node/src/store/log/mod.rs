//! The write-ahead log, and whether the files that are open are still ours.
//!
//! - `policy`: how the log grows, and who brings it into the database, and when
//! - `checkpoint`: bringing it in
//! - `places`: how many read at a time, and when none may begin
//! - `watch`, `found`, `contents`: whether the files that are open are still those in the directory, and only SQLite has
//!   written to them
//! - `others`: what other programs changed through SQLite
//! - `lock`: how long a change waits for another program

pub(crate) mod checkpoint;
mod contents;
mod found;
mod lock;
mod others;
mod places;
mod policy;
mod watch;

pub(crate) use lock::Patience;
pub(crate) use others::{InMemory, Others};
pub(crate) use places::Places;
pub(crate) use watch::{Watch, Watching};
