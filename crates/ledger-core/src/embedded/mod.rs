//! A whole ledger in memory, for programs that embed a small one. The node does not use it: its chain is on disk.
//!
//! 1. `blockchain`: [`Blockchain`], the tutorial's class of that name.
//! 2. `backup`: the whole chain as one text.

mod backup;
mod blockchain;

pub use backup::LoadError;
pub use blockchain::{BlockRefused, Blockchain};
