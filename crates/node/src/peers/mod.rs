//! Neighbours: fetching their chains, and agreeing with them on the longest.

mod check;
mod fetch;
mod ourselves;
mod resolve;

pub use check::{Candidate, PeerFault};
pub use fetch::{FetchError, Limits};
pub use ourselves::is_ourselves;
pub use resolve::Resolver;
