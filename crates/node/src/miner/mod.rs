//! Mining: from the tip to a new block, away from the threads that answer requests.
//!
//! - `miner`: who mines, one block at a time
//! - `find`: the proof of the block after the tip
//! - `search`, `progress`: the search on all cores, and how far it is
//! - `solved`: what it found
//! - `watch`: what of it can be seen from outside
//! - `asker`: for whom
//! - `automatic`: mining without being asked
//! - `error`: why no block was mined

mod asker;
mod automatic;
mod error;
mod find;
#[expect(clippy::module_inception, reason = "the room is named after what it is about")]
mod miner;
mod progress;
mod search;
mod solved;
mod watch;

pub use asker::Asker;
pub use automatic::Automatic;
pub use error::MineError;
pub use miner::Miner;
pub use progress::Progress;
pub use search::Searching;
pub use solved::Solved;
