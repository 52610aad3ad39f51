//! What the node keeps in memory: never the chain, only its tip.

use std::collections::BTreeSet;

use ledger_core::seam::AnyState;
use ledger_core::{NodeAddress, Pool, Tip};

use crate::store::LedgerState;

/// The part of the ledger that is in memory. It shows only what is on disk.
#[derive(Debug)]
pub struct View {
    /// The number of the last event: it goes up with every change, so that what was made of the view can be kept until
    /// then.
    pub version: u64,
    /// The last block.
    pub tip: Tip,
    /// What the next block is checked against.
    pub state: AnyState,
    /// The payments that wait.
    pub pool: Pool,
    /// The neighbours.
    pub peers: BTreeSet<NodeAddress>,
}

impl View {
    /// What the store is to hold as well.
    pub(super) fn kept(&self) -> LedgerState {
        LedgerState {
            tip: self.tip.hash.to_string(),
            pool: (self.pool.len(), self.pool.entries().last().map(|(number, _)| number)),
            peers: self.peers.iter().map(|peer| peer.as_str().to_owned()).collect(),
        }
    }
}
