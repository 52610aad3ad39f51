//! Checks a stored chain: every hash, link and proof, and that both indexes match the blocks.
//!
//! - `segment`: a few thousand blocks and their part of the indexes, in short snapshots
//! - `signatures`: signatures kept beside payments in blocks
//! - `whole`: all segments on all cores, for `node verify` and `node export`
//! - `background`: all segments after a start, at low priority

mod background;
mod segment;
mod signatures;
mod whole;

pub use background::Background;
pub(crate) use whole::check;
