//! How much the ledger takes.

/// The canonical bytes of payments that may wait for a block, if nothing else is said.
pub const POOL_LIMIT: usize = 16 << 20;

/// How many neighbours a node keeps at the most.
pub const MAX_PEERS: usize = 1000;
