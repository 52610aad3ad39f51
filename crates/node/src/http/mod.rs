//! What a client may cost: connections, memory and places are bounded, and those who hold them without use lose them.
//!
//! - `limits/`: the bounds on connections, memory and places, and who is cut off
//! - `line`: a connection, which notes what it costs and can be cut off
//! - `answer`: what is done around every request; `target`: the path it asks for
//! - `log/`: a line of the log for each request, of a flood only some
//! - `serve`: the server that is made of it

mod answer;
mod limits;
mod line;
mod log;
mod serve;
mod target;

pub use limits::{
    Bounds, Busy, Connections, Gate, Guards, OVERLOADED, PATIENCE, Pass, RETRY, Usage, check_descriptors,
};
pub use serve::start;
