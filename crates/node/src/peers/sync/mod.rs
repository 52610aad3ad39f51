//! Agreeing with the peers on the longest chain.
//!
//! - `resolver`, `resolved`: the handle of the node, and what a resolve came to
//! - `rounds`: rounds in which all peers are asked
//! - `ask`: asking one peer, and switching to its chain if that is longer
//! - `fetch`, `feeding`: fetching a chain, and taking it in while it is downloaded
//! - `outcome`, `error`: what became of a peer, as the answer of a resolve says it, and why one failed

mod ask;
mod error;
mod feeding;
mod fetch;
mod outcome;
mod resolved;
mod resolver;
mod rounds;

pub use error::FetchError;
pub use outcome::Neighbour;
pub use resolved::Resolved;
pub use resolver::Resolver;
