//! Options of a check, and the beginning of a block.

use crate::hash::BlockHash;
use crate::position::Timestamp;

/// Whether proofs of work are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proofs {
    /// Every proof is checked.
    Checked,
    /// All rules but the proof are checked. `node export` uses this: it does not know the difficulty of the chain.
    Trusted,
}

/// What a check depends on, apart from the block and the state before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checking {
    /// The current time, for rules about clocks. `None` for stored blocks, whose time was checked when they arrived. The
    /// classic rules ignore it.
    pub now: Option<Timestamp>,
    /// Whether to check the proof.
    pub proofs: Proofs,
}

/// What the beginning of a block's canonical text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// The height that the block claims.
    pub height: u64,
    /// The hash that it gives for the previous block; `None` for a genesis.
    pub previous: Option<BlockHash>,
}
