//! The check of a stored chain: every hash, link and proof, and that both indexes belong to the blocks.
//!
//! - `segment`: some thousand blocks and their part of the indexes, in short snapshots
//! - `signatures`: those that are kept beside payments in blocks
//! - `whole`: all segments on all cores, for `node verify` and `node export`
//! - `background`: all segments after the start of a node, at low priority

mod background;
mod segment;
mod signatures;
mod whole;

pub use background::Background;
pub(crate) use whole::check;
