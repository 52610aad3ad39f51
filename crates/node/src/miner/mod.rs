//! Mining: from the tip to a new block, off the threads that serve requests.
//!
//! - `miner`: mines one block at a time
//! - `find`: the proof for the block after the tip
//! - `search`, `progress`: the search on all cores, and its progress
//! - `solved`: its result
//! - `status`: what others can see of the miner
//! - `asker`: who a block is mined for
//! - `automatic`: mining without requests
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
mod status;

pub use asker::Asker;
pub use automatic::Automatic;
pub use error::MineError;
pub use miner::Miner;
pub use progress::Progress;
pub use search::Searching;
pub use solved::Solved;
