//! Where in a chain, and when.
//!
//! `timestamp`: [`Timestamp`], a moment in Unix seconds.

mod timestamp;

pub use timestamp::Timestamp;
