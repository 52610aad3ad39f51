//! What the next classic block is checked against.

use crate::classic::block::Block;
use crate::position::{Height, Tip};

/// What the next block is checked against: the last block's height, hash and proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The end of the chain. Its weight is its height.
    pub tip: Tip,
    /// The last block's proof.
    pub proof: u64,
}

impl State {
    /// The state after a block of this height.
    pub(crate) fn after(block: &Block<'_>, height: Height) -> Self {
        Self { tip: Tip::by_length(height, block.proof, block.hash()), proof: block.proof }
    }
}
