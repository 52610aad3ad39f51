//! Size limits, and a weight in words.

/// Size limits, in bytes of canonical text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A block from a peer.
    pub block_bytes: usize,
    /// The payments in a block of ours: peers refuse blocks that are too large.
    pub own_block_bytes: usize,
}

/// A chain's weight in words: "5 blocks".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// With its unit: "5 blocks".
    pub counted: String,
    /// Without its unit: "5".
    pub number: String,
    /// Whether a sentence about it takes "is", not "are": 1 block, or a weight.
    pub is_one: bool,
}
