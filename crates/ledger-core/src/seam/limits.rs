//! Sizes, and a weight in words.

/// The most bytes that the canonical texts of blocks may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A block of a peer.
    pub block_bytes: usize,
    /// The payments of a block of ours. Peers refuse blocks that are too large.
    pub own_block_bytes: usize,
}

/// What decides between two chains, in words: "5 blocks".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// With its unit: "5 blocks".
    pub counted: String,
    /// Without its unit: "5".
    pub number: String,
    /// Whether it is exactly one, so that a sentence says "is" and not "are".
    pub is_one: bool,
}
