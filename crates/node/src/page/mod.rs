//! The files of the node's web page, embedded at build time from `crates/node/page/`.
//!
//! - `files`: the table of files, and their content
//!
//! This module does not depend on HTTP: `api/handlers/web/page` serves the files.

mod files;

pub use files::{File, find, without_version};
