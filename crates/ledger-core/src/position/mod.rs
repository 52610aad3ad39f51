//! Positions in a chain and in time.
//!
//! 1. `height`: [`Height`], a block's position in a chain.
//! 2. `tip`: [`Tip`], the end of a chain; `weight`: [`Weight`], which decides between two chains.
//! 3. `fork_point`: [`ForkPoint`], where two chains part.
//! 4. `block_count`: [`Blocks`], a number of blocks in words.
//! 5. `timestamp`: [`Timestamp`], a time in Unix seconds.

mod block_count;
mod fork_point;
mod height;
mod timestamp;
mod tip;
mod weight;

pub use block_count::Blocks;
pub use fork_point::ForkPoint;
pub use height::Height;
pub use timestamp::Timestamp;
pub use tip::Tip;
pub use weight::Weight;
