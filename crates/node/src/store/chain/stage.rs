//! A staged chain, and what its adoption did.

use ledger_core::{ForkPoint, Tip};

/// A staged chain: the blocks up to `fork` are in our tables, those after it in the stage's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The number of the stage.
    pub id: u64,
    /// The last block in common with our chain. The adoption checks that our chain still has it.
    pub fork: ForkPoint,
    /// The staged chain's tip.
    pub tip: Tip,
    /// Payments in the staged blocks, including rewards.
    pub payments: u64,
    /// Bytes of the staged blocks.
    pub bytes: u64,
    /// Whether the blocks in common are copied in front of the staged ones: see `common`.
    pub has_common: bool,
}

/// What an adoption did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// The number of our blocks that were replaced.
    pub replaced: u64,
    /// The number of blocks that were adopted.
    pub adopted: u64,
}
