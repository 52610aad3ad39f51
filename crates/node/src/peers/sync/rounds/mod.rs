//! Rounds that query all peers.
//!
//! - `task`: all rounds; `round`: one round
//! - `automatic`: rounds that no client asks for
//! - `skipped`, `failing`: log lines for peers that failed, and which failures are new

mod automatic;
mod failing;
mod round;
mod skipped;
mod task;

pub(super) use automatic::resolve_every;
pub(super) use task::Task;
