//! An incoming chain, from a peer or a file, until it becomes ours.
//!
//! - `intake`, `error`: cuts the text into blocks
//! - `whole`: a chain whose blocks come whole
//! - `partial`, `large`: a block that has not arrived in full; large blocks, one at a time
//! - `feed`: checks the blocks one after the other
//! - `stage`, `staging`: writes the blocks that ours lacks; what all stages share
//! - `candidate`: a complete chain that is valid and wins over ours

mod candidate;
mod error;
mod feed;
mod intake;
mod large;
mod partial;
mod stage;
mod staging;
mod whole;

pub use candidate::Candidate;
pub use error::IntakeError;
pub use intake::Intake;
pub(super) use large::LargeBlocks;
pub use stage::StageWriter;
pub(super) use staging::Staging;
pub use whole::BlockIntake;

#[cfg(test)]
mod tests;
