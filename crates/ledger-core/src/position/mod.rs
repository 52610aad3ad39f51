//! Where in a chain, and when.
//!
//! 1. `timestamp`: [`Timestamp`], a moment in Unix seconds.
//! 2. `tip`: [`Tip`], the end of a chain.

mod timestamp;
mod tip;

pub use timestamp::Timestamp;
pub use tip::Tip;
