//! The files of the node's web page, embedded at build time from `crates/node/page/`.
//!
//! - `files`: the table of files, and their content
//!
//! The room knows no HTTP: `api/handlers/page` answers with these files.

mod files;

pub use files::{File, find};
