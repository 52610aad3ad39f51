//! One change of the ledger.

use std::ops::RangeInclusive;
use std::sync::Arc;

use ledger_core::{ForkPoint, NodeAddress, PaymentNumber, Tip};

/// Something changed, and is on disk. What a reader finds in memory is at least that new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts up by one from 1 on, since the start.
    pub number: u64,
    /// What changed.
    pub change: Change,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Blocks follow what was the last one.
    BlocksConnected {
        /// The last block before.
        before: Tip,
        /// The last block now.
        tip: Tip,
        /// How many blocks follow.
        count: u64,
        /// How many payments they hold, rewards included.
        payments: u64,
        /// How many bytes their canonical texts have.
        bytes: u64,
        /// Where they come from.
        origin: Origin,
    },
    /// Another chain took the place of blocks of ours.
    Reorganised {
        /// The last block that both share.
        fork: ForkPoint,
        /// The last block before.
        from: Tip,
        /// The last block now.
        to: Tip,
        /// How many of our blocks are no longer in the chain.
        disconnected: u64,
        /// How many blocks came instead.
        connected: u64,
        /// How many payments are back in the pool.
        returned: usize,
        /// How many payments are lost, since the pool was full.
        dropped: u64,
    },
    /// Payments came into the pool. What a reorg returns to the pool is part of [`Reorganised`](Self::Reorganised).
    PaymentsAdded {
        /// Their numbers there. A later block may have taken some already.
        numbers: RangeInclusive<PaymentNumber>,
        /// Where they come from.
        source: Source,
    },
    /// Peers were registered that were not known before.
    PeersAdded {
        /// The new ones.
        added: Arc<[NodeAddress]>,
        /// How many are known now.
        known: usize,
    },
    /// A peer was removed.
    PeerRemoved {
        /// The one that was removed.
        removed: NodeAddress,
        /// How many are known now.
        known: usize,
    },
    /// The ledger takes no more changes: what is stored was found damaged.
    Closed,
}

/// Where blocks come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// This node mined it, one at a time.
    Mined,
    /// Another node pushed it, one at a time.
    Pushed,
    /// A peer's chain or a file had them.
    Fetched,
}

/// Where payments come from. Users stand first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// A user sent them to this node.
    User,
    /// Another node passed them on.
    Relay,
}
