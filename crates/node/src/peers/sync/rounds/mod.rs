//! Rounds in which all peers are asked.
//!
//! - `task`: all of them; `round`: one
//! - `automatic`: rounds that no client asks for
//! - `skipped`, `failing`: the log lines of peers that failed, and which of them are news

mod automatic;
mod failing;
mod round;
mod skipped;
mod task;

pub(super) use automatic::resolve_every;
pub(super) use task::Task;
