//! A whole ledger in memory, for programs that embed a small one. The node does not use it: its chain is on disk.
//!
//! 1. `blockchain`: [`Blockchain`], what the tutorial's class of that name has.
//! 2. `backup`: such a chain as one text.

mod backup;
mod blockchain;

pub use backup::LoadError;
pub use blockchain::{BlockRefused, Blockchain};
