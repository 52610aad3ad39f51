//! How much the ledger takes.

/// The canonical bytes of payments that may wait for a block, if nothing else is said.
pub const POOL_LIMIT: usize = 16 << 20;

/// The most canonical bytes of payments that a block of ours takes, however many wait: neighbours refuse
/// blocks that are too large.
pub const BLOCK_LIMIT: usize = 16 << 20;

/// The most bytes a block of a peer may have: twice what we make, since others write longer.
pub const MAX_BLOCK: usize = 2 * BLOCK_LIMIT;

/// How many neighbours a node keeps at the most.
pub const MAX_PEERS: usize = 1000;
