//! Neighbours: which may be registered, fetching their chains, and agreeing with them on the longest.
//!
//! - `sync`: rounds in which all peers are asked, and the switch to a longer chain
//! - `client`: HTTP as peers speak it
//! - `registry`: which addresses may be registered

mod client;
mod registry;
mod sync;

pub use client::{ClientError, CodingError, HeadError, Limits};
pub use registry::{BadDestination, VetError, Vetting};
pub use sync::{FetchError, Neighbour, Resolved, Resolver};
