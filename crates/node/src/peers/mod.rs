//! Neighbours: fetching their chains, and agreeing with them on the longest.
//!
//! - `resolve`: rounds in which all peers are asked, as a task of the node
//! - `round`: one of them: who waits for it, and for which peers it waits
//! - `ask`: asking one peer, and switching to its chain if that is longer
//! - `fetch`, `pace`, `error`: downloading a chain, within limits
//! - `skipped`: the log lines of peers that failed
//! - `ourselves`, `destination`: telling a peer from this node, and from addresses where none can be
//! - `vet`: both checks, for addresses on their way into the list

mod ask;
mod destination;
mod error;
mod fetch;
mod ourselves;
mod pace;
mod resolve;
mod round;
mod skipped;
mod vet;

pub use error::FetchError;
pub use pace::Limits;
pub use resolve::Resolver;
pub use vet::{VetError, vet};
