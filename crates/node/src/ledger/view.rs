//! The part of the ledger in memory: never the chain, only its tip.

use std::collections::BTreeSet;

use ledger_core::seam::AnyState;
use ledger_core::{NodeAddress, Pool, Tip};

use crate::store::LedgerState;

/// The part of the ledger in memory. It shows only changes that are on disk.
#[derive(Debug)]
pub struct View {
    /// The number of the last event. It increases with every change, so cached responses can tell whether they are current.
    pub version: u64,
    /// The last block.
    pub tip: Tip,
    /// What the next block is checked against.
    pub state: AnyState,
    /// The payments that wait for a block.
    pub pool: Pool,
    /// The peers.
    pub peers: BTreeSet<NodeAddress>,
}

impl View {
    /// The state that the store must hold, too.
    pub(super) fn kept(&self) -> LedgerState {
        LedgerState {
            tip: self.tip.hash.to_string(),
            pool: (self.pool.len(), self.pool.entries().last().map(|(number, _)| number)),
            peers: self.peers.iter().map(|peer| peer.as_str().to_owned()).collect(),
        }
    }
}
