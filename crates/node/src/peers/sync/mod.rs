//! Agreeing with the peers on the longest chain.
//!
//! - `resolver`: rounds in which all peers are asked, as a task of the node
//! - `round`: one of them: who waits for it, and for which peers it waits
//! - `ask`: asking one peer, and switching to its chain if that is longer
//! - `fetch`, `feeding`: fetching a chain, and taking it in while it is downloaded
//! - `outcome`, `error`: what became of a peer, as the answer of a resolve says it, and why one failed
//! - `skipped`: the log lines of peers that failed

mod ask;
mod error;
mod feeding;
mod fetch;
mod outcome;
mod resolver;
mod round;
mod skipped;

pub use error::FetchError;
pub use outcome::Neighbour;
pub use resolver::{Resolved, Resolver};
