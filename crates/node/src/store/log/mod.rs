//! The write-ahead log, and the check that the open files are still ours.
//!
//! - `policy`: when the log is checkpointed, and by whom
//! - `checkpoint`: the checkpoints
//! - `permits`: how many read at a time, and when none may begin
//! - `watch`, `stat`, `contents`: whether the open files are still those in the directory, written by SQLite alone
//! - `foreign`: what other programs commit through SQLite
//! - `lock`: how long a change waits for another program

pub(crate) mod checkpoint;
mod contents;
mod foreign;
mod lock;
mod permits;
mod policy;
mod stat;
mod watch;

pub(crate) use foreign::{ForeignCommits, LedgerState};
pub(crate) use lock::LockWait;
pub(crate) use permits::ReadPermits;
pub(crate) use watch::{FileWatch, WatchThread};
