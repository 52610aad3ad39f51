//! Payments on their way to the writer. Signatures are verified here, not on the threads that answer requests.
//!
//! A payment that was verified before goes straight to the writer: outcomes are remembered, and so are the keys of recent
//! senders. Other payments wait in a bounded queue for one of the verifying threads, one per core. A thread passes the
//! payments that it verified together to the writer.
//!
//! - `submit`: [`Payments`], which takes a payment into the pool
//! - `memory`: outcomes and keys
//! - `budget`: a limit on the memory of payments on their way
//! - `threads`: the queue and its threads
//! - `error`: why a payment is refused

mod budget;
mod error;
mod memory;
mod submit;
mod threads;

pub use error::{OVERLOADED, SubmitError};
pub use submit::Payments;
