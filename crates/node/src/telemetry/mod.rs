//! The log, on standard error.
//!
//! - `log`: what is logged, and how
//! - `time`: the time of day in front of each line
//! - `lines`: the queue from whoever logs to the thread that writes

mod lines;
mod log;
mod time;

pub use log::{flush, is_watched, start};
