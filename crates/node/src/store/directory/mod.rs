//! The data directory, before and while it is used.
//!
//! 1. `data_dir`, `fresh`: the directory, its lock, and what is removed again if it is not kept
//! 2. `look`, `condition`: what lies in it before anything is opened, and whether it belongs together
//! 3. `last`: what the node acknowledged last
//! 4. `usage`: what is kept up to date while the database is in use
//! 5. `space`: the room on the file system, of which neighbours must leave some

mod condition;
mod data_dir;
mod fresh;
pub(crate) mod last;
pub(crate) mod look;
mod space;
mod usage;

pub use condition::MissingLog;
pub(crate) use condition::{Condition, Found};
pub use data_dir::DataDir;
pub(crate) use space::Space;
pub(crate) use usage::Usage;
