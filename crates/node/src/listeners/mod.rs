//! Who hears of changes in the ledger for the whole run.
//!
//! - `journal`: the log lines of reorgs and peers

mod journal;

pub use journal::Journal;
