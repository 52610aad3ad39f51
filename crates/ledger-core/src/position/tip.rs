//! The end of a chain.

use crate::hash::BlockHash;

/// What the next block must refer to: the last block's index, proof and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The last block's index, which is the chain's length.
    pub index: u64,
    /// The last block's proof.
    pub proof: u64,
    /// The last block's hash.
    pub hash: BlockHash,
}
