//! Limits of the ledger.

/// Default limit of the pool, in bytes of canonical text.
pub const POOL_LIMIT: usize = 16 << 20;

/// The most peers that a node keeps.
pub const MAX_PEERS: usize = 1000;
