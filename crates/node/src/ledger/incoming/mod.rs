//! Another chain on its way in, from a peer or a file, until it is ours.
//!
//! - `intake`, `error`: its text, cut into blocks
//! - `partial`, `large`: a block that has not arrived in full; large blocks, one at a time
//! - `feed`: its blocks, checked one after the other
//! - `stage`, `staging`: those that ours lacks, on their way to disk; what all stages share
//! - `candidate`: a whole chain that is valid and wins over ours

mod candidate;
mod error;
mod feed;
mod intake;
mod large;
mod partial;
mod stage;
mod staging;

pub use candidate::Candidate;
pub use error::IntakeError;
pub use intake::Intake;
pub(super) use large::LargeBlocks;
pub use stage::StageWriter;
pub(super) use staging::Staging;
