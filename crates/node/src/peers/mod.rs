//! Neighbours: which may be registered, fetching their chains, and agreeing with them on the best one.
//!
//! - `sync`: rounds that query all peers, and the switch to a winning chain
//! - `client`: HTTP as peers speak it
//! - `states`: what neighbours say of themselves
//! - `registry`: which addresses may be registered
//! - `contact`: where a neighbour is in the peer-to-peer network

mod client;
mod contact;
mod registry;
mod states;
mod sync;

pub use client::{ClientError, CodingError, HeadError, Limits, StatusError};
pub use contact::{Contact, ContactError, Contacts};
pub use registry::{BadDestination, VetError, Vetting};
pub use states::{NeighbourState, States};
pub use sync::{FetchError, Neighbour, Resolved, Resolver};
