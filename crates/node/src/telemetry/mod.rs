//! The log, on standard error.
//!
//! - `log`: sets up the log
//! - `time`: the time of day before each line
//! - `lines`: the queue between the callers and the thread that writes
//! - `progress`, `bar`: progress bars, and one below the log
//! - `testing`: what a test logs

mod bar;
mod lines;
mod log;
pub mod progress;
#[cfg(test)]
pub(crate) mod testing;
mod time;

pub use bar::Bar;
pub use log::{flush, is_watched, start};
