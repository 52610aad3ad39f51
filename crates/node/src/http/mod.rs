//! What a client may cost: connections, memory and places are bounded, and those who hold them without use lose them.
//!
//! - `usage`: what one connection costs at this moment
//! - `line`: the connection itself, which notes that and can be cut off
//! - `connections`: all of them, how many from whom, and which one makes room for another
//! - `answer`: what is done around every request; `target`: the path it asks for
//! - `gate`: places for what is dear, of which the slowest client loses its own when others wait
//! - `guards`: all bounds in one place, and their sizes
//! - `watch`: looks at all of it four times a second
//! - `descriptors`: how many connections fit the limit of open files
//! - `request_log`, `bucket`: a line of the log for each request, of a flood only some
//! - `refusal`: a client for which there is no room, or no place
//! - `serve`: the server that is made of it

mod answer;
mod bucket;
mod connections;
mod descriptors;
mod gate;
mod guards;
mod line;
mod refusal;
mod request_log;
mod serve;
mod target;
mod usage;
mod watch;

pub use connections::{Bounds, Connections};
pub use descriptors::check as check_descriptors;
pub use gate::{Busy, Gate, Pass};
pub use guards::{Guards, PATIENCE};
pub use refusal::{OVERLOADED, RETRY};
pub use serve::start;
pub use usage::Usage;
