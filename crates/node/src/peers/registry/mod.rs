//! Checks addresses before they are registered as peers.
//!
//! - `ourselves`, `destination`: tell a peer from this node, and from addresses that cannot be a peer's
//! - `vet`: applies both checks

mod destination;
mod ourselves;
mod vet;

pub use destination::BadDestination;
pub(super) use destination::{LookUpError, look_up};
pub use vet::{VetError, Vetting};
