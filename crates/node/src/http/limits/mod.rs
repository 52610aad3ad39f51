//! Bounds on what clients may cost, and who gives way when others wait.
//!
//! - `usage`: what one connection costs at this moment
//! - `connections`: all of them, how many from whom, and which one makes room for another
//! - `gate`: places for what is dear, of which the slowest client loses its own when others wait
//! - `guards`: all bounds in one place, and their sizes
//! - `watch`: looks at all of it four times a second
//! - `descriptors`: how many connections fit the limit of open files
//! - `refusal`: a client for which there is no room, or no place

mod connections;
mod descriptors;
mod gate;
mod guards;
mod refusal;
mod usage;
mod watch;

pub use connections::{Bounds, Connections};
pub use descriptors::check as check_descriptors;
pub(super) use descriptors::workers;
pub use gate::{Busy, Gate, Pass};
pub use guards::{Guards, PATIENCE};
pub(super) use refusal::busy;
pub use refusal::{OVERLOADED, RETRY};
pub use usage::Usage;
pub(super) use watch::watch;
