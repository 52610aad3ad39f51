//! The handle that the user holds, and the thread behind it.

mod handle;
mod thread;

pub use handle::{Events, Network};
