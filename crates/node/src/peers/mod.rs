//! Neighbours: fetching their chains, and agreeing with them on the longest.
//!
//! - `resolve`: rounds in which all peers are asked, as a task of the node
//! - `round`: one of them: who waits for it, and for which peers it waits
//! - `ask`: asking one peer, and switching to its chain if that is longer
//! - `fetch`, `download`, `pace`, `error`: downloading a chain, within limits
//! - `connect`, `answer`, `coding`: the connection, asking on it, how the answer's body is packed
//! - `stream`, `head`: what awc sees of the connection
//! - `check`: taking a chain in while it is downloaded
//! - `outcome`: what became of a peer, as the answer of a resolve says it
//! - `skipped`: the log lines of peers that failed
//! - `ourselves`, `destination`: telling a peer from this node, and from addresses where none can be
//! - `vet`: both checks, for addresses on their way into the list

mod answer;
mod ask;
mod check;
mod coding;
mod connect;
mod destination;
mod download;
mod error;
mod fetch;
mod head;
mod ourselves;
mod outcome;
mod pace;
mod resolve;
mod round;
mod skipped;
mod stream;
mod vet;

pub use error::FetchError;
pub use outcome::Neighbour;
pub use pace::Limits;
pub use resolve::{Resolved, Resolver};
pub use vet::{VetError, vet};
