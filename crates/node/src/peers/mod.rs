//! Neighbours: fetching their chains, and agreeing with them on the longest.
//!
//! - `resolve`: rounds in which all peers are asked, as a task of the node
//! - `round`: one of them: who waits for it, and for which peers it waits
//! - `ask`: asking one peer, and switching to its chain if that is longer
//! - `fetch`, `pace`, `error`: downloading a chain, within limits
//! - `skipped`: the log lines of peers that failed
//! - `ourselves`: telling a peer from this node

mod ask;
mod error;
mod fetch;
mod ourselves;
mod pace;
mod resolve;
mod round;
mod skipped;

pub use error::FetchError;
pub use ourselves::find_ourselves;
pub use pace::Limits;
pub use resolve::Resolver;
