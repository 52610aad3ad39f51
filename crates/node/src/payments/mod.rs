//! Payments on their way to the writer: their signatures are checked here, away from the threads that answer requests.
//!
//! What was checked before is not checked again: an outcome is remembered, and the keys of recent senders are
//! kept as they were read. Both memories are bounded. All else waits, as far as there is room, in a bounded
//! queue for a thread for each core, and goes on to the writer together with what was checked at the same
//! time.
//!
//! - `submit`: from a payment to its place in the pool
//! - `memory`: outcomes and keys
//! - `budget`: the memory that payments may take on their way
//! - `threads`: the queue and those who work it off
//! - `error`: why a payment is not in the pool

mod budget;
mod error;
mod memory;
mod submit;
mod threads;

pub use error::{OVERLOADED, SubmitError};
pub use submit::Payments;
