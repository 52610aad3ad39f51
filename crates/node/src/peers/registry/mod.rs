//! Which addresses may be registered as peers.
//!
//! - `ourselves`, `destination`: telling a peer from this node, and from addresses where none can be
//! - `vet`: both checks, for addresses on their way into the list

mod destination;
mod ourselves;
mod vet;

pub use destination::NoPlace;
pub(super) use destination::{LookUpError, look_up};
pub use vet::{VetError, Vetting};
