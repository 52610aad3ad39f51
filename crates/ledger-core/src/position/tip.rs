//! The end of a chain.

use super::height::Height;
use super::weight::Weight;
use crate::hash::BlockHash;

/// The last block's height, proof and hash, and what decides between its chain and another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The last block's height, which is the chain's length.
    pub height: Height,
    /// The last block's proof.
    pub proof: u64,
    /// The last block's hash.
    pub hash: BlockHash,
    /// What the chain weighs.
    pub weight: Weight,
}

impl Tip {
    /// The end of a chain, for a rule set whose proofs say nothing about the next block.
    #[must_use]
    pub fn new(height: Height, hash: BlockHash, weight: Weight) -> Self {
        Self { height, proof: 0, hash, weight }
    }
}
