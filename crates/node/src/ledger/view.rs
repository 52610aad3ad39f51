//! What the node keeps in memory: never the chain, only its tip.

use std::collections::BTreeSet;

use ledger_core::{NodeAddress, Pool, Tip};

/// The part of the ledger that is in memory. It shows only what is on disk.
#[derive(Debug)]
pub struct View {
    /// Goes up with every change, so that what was made of the view can be kept until then.
    pub version: u64,
    /// The last block.
    pub tip: Tip,
    /// The payments that wait.
    pub pool: Pool,
    /// The neighbours.
    pub peers: BTreeSet<NodeAddress>,
}
