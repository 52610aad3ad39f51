//! Fetches a stretch of one chain from several peers in parallel, and hands its blocks out in order.
//!
//! - `source`: what a download needs from the network and from the rules
//! - `settings`: its bounds
//! - `range`: the missing heights, and the state of each
//! - `helper`: how fast each peer is
//! - `plan`, `answers`, `delivery`: the next request, the effect of answers, and the next blocks; without a clock or a
//!   socket of their own
//! - `chunk`, `error`: blocks that are next, and why a download ends early
//! - `run`: asks, waits and hands out

mod answers;
mod chunk;
mod delivery;
mod error;
mod helper;
mod plan;
mod range;
mod run;
mod settings;
mod source;
#[cfg(test)]
mod tests;

pub use chunk::Chunk;
pub use error::DownloadError;
pub use run::Download;
pub use settings::DownloadSettings;
pub use source::{Links, Source};
