//! The data directory, before and while it is used.
//!
//! 1. `data_dir`, `fresh`: the directory, its lock, and the removal of what is not kept
//! 2. `inspect`, `condition`: what the directory holds, and whether it belongs together
//! 3. `last`: the last acknowledged state
//! 4. `usage`: the mark and the last state while the database is open
//! 5. `space`: disk space for peers' chains

mod condition;
mod data_dir;
mod fresh;
pub(crate) mod inspect;
pub(crate) mod last;
mod space;
mod usage;

pub use condition::MissingLog;
pub(crate) use condition::{Condition, Contents};
pub use data_dir::DataDir;
pub(crate) use space::Space;
pub(crate) use usage::Usage;
