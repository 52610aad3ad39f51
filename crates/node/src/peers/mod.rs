//! Neighbours: fetching their chains, and agreeing with them on the longest.

mod fetch;
mod ourselves;
mod resolve;
mod skipped;

pub use fetch::{FetchError, Limits};
pub use ourselves::find_ourselves;
pub use resolve::Resolver;
