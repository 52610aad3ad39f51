//! How a block is checked, and what its beginning tells.

use crate::hash::BlockHash;
use crate::position::Timestamp;

/// Whether proofs of work count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proofs {
    /// Each proof is checked.
    Checked,
    /// All but the proofs is checked, for a chain of our own whose difficulty nobody names.
    Trusted,
}

/// What a block is checked with, beside the block itself and the state before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checking {
    /// This moment, for rules about clocks; none for blocks of our own store, which met them when they came. The classic
    /// rules have none.
    pub now: Option<Timestamp>,
    /// Whether the proof counts.
    pub proofs: Proofs,
}

/// What the beginning of a block's canonical text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// The height that the block gives itself.
    pub height: u64,
    /// The hash that it names as the block before; none for a genesis.
    pub previous: Option<BlockHash>,
}
