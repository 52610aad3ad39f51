//! A staged chain, and what its adoption did.

use ledger_core::{ForkPoint, Tip};

/// A staged chain: the blocks up to `fork` are ours already, those after it are in the stage's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The number of the stage.
    pub id: u64,
    /// The last block in common with our chain. By its hash the adoption knows that our chain is still the one compared.
    pub fork: ForkPoint,
    /// The staged chain's last block.
    pub tip: Tip,
    /// How many payments the staged blocks hold, rewards included.
    pub payments: u64,
    /// How many bytes the staged blocks have.
    pub bytes: u64,
    /// Whether the blocks in common are copied in front of the staged ones: `common`.
    pub has_common: bool,
}

/// What a reorg did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// How many of our blocks were replaced.
    pub replaced: u64,
    /// How many blocks came instead.
    pub adopted: u64,
}
