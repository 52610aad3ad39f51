//! The log, on standard error.
//!
//! - `log`: sets up the log
//! - `time`: the time of day before each line
//! - `lines`: the queue between the callers and the thread that writes
//! - `testing`: what a test logs

mod lines;
mod log;
#[cfg(test)]
pub(crate) mod testing;
mod time;

pub use log::{flush, is_watched, start};
