//! The HTTP server and its limits on what a client may cost.
//!
//! - `limits/`: bounds on connections, memory and concurrency, and who is cut off
//! - `connection`: a connection that counts its traffic and can be cut off
//! - `answer`: what happens around every request; `target`: the path it asks for
//! - `log/`: one log line per request, fewer in a flood
//! - `serve`: assembles the server

mod answer;
mod connection;
mod limits;
mod log;
mod serve;
mod target;

pub use limits::{
    Bounds, Busy, COSTLY, Connections, Cost, Gate, Guards, OVERLOADED, PATIENCE, Permit, RETRY, Rates, Slot,
    Slots, TooMany, Usage, check_descriptors,
};
pub use serve::start;
