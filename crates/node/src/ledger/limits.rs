//! Limits of the ledger.

/// The most bytes of canonical text in the pool, by default.
pub const POOL_LIMIT: usize = 16 << 20;

/// The most peers that a node keeps.
pub const MAX_PEERS: usize = 1000;
