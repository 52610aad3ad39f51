//! Bounds on what clients may cost, and who gives way when others wait.
//!
//! - `usage`: what one connection costs at the moment
//! - `connections`: all of them, their number per address, and which one makes room for another
//! - `gate`: a semaphore for expensive work; when others wait, the slowest client loses its permit
//! - `rates`: how many requests an address may send
//! - `slots`: for answers that last as long as the client likes
//! - `guards`: all bounds and their sizes
//! - `watch`: enforces them four times a second
//! - `descriptors`: the connections that fit the limit of open files
//! - `refusal`: the answer to a client that is not served

mod connections;
mod descriptors;
mod gate;
mod guards;
mod rates;
mod refusal;
mod slots;
mod usage;
mod watch;

pub use connections::{Bounds, Connections};
pub use descriptors::check as check_descriptors;
pub(super) use descriptors::workers;
pub use gate::{Busy, Gate, Permit};
pub use guards::{Guards, PATIENCE};
pub use rates::{COSTLY, Cost, Rates, TooMany};
pub(super) use refusal::busy;
pub use refusal::{OVERLOADED, RETRY};
pub use slots::{Slot, Slots};
pub use usage::Usage;
pub(super) use watch::watch;
