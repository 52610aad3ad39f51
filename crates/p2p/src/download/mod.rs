//! Fetches a stretch of one chain from several peers side by side, and hands its blocks out in order.
//!
//! - `source`: what a download asks of the network, and of the rules: how blocks name each other
//! - `settings`: its bounds
//! - `range`: the heights that are still to come, and what becomes of each
//! - `helper`: what each peer is good for
//! - `plan`, `answers`, `handing`: whom to ask for what next, what comes of the answers, and which blocks are next; without a
//!   clock or a socket of their own
//! - `chunk`, `error`: blocks that are next, and why a download ends early
//! - `run`: asks, waits and hands out

mod answers;
mod chunk;
mod error;
mod handing;
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
