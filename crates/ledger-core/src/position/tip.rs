//! The end of a chain.

use super::height::Height;
use super::weight::Weight;
use crate::hash::BlockHash;

/// The last block's height and hash, and the weight of its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The last block's height, which is also the chain's length.
    pub height: Height,
    /// The last block's hash.
    pub hash: BlockHash,
    /// The chain's weight: the heavier of two valid chains wins.
    pub weight: Weight,
}

impl Tip {
    /// The end of a chain.
    #[must_use]
    pub fn new(height: Height, hash: BlockHash, weight: Weight) -> Self {
        Self { height, hash, weight }
    }
}
