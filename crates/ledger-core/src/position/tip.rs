//! The end of a chain.

use super::height::Height;
use crate::hash::BlockHash;

/// What the next block must refer to: the last block's height, proof and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The last block's height, which is the chain's length.
    pub height: Height,
    /// The last block's proof.
    pub proof: u64,
    /// The last block's hash.
    pub hash: BlockHash,
}
