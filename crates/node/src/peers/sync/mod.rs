//! Agreeing with the peers on the best chain.
//!
//! - `resolver`, `resolved`: the node's handle, and the result of a resolve
//! - `rounds`: rounds that query all peers
//! - `ask`: asks one peer and switches to its chain if it wins
//! - `fetch`, `feeding`: fetches a chain and checks it while it arrives
//! - `outcome`, `error`: the outcome for each peer in a resolve's response, and why a fetch failed

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
