//! One change of the ledger.

use std::ops::RangeInclusive;
use std::sync::Arc;

use ledger_core::{ForkPoint, NodeAddress, PaymentNumber, Tip};

/// A change that is on disk and visible in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counted from 1 since the node's start.
    pub number: u64,
    /// What changed.
    pub change: Change,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Blocks were appended to our chain.
    BlocksConnected {
        /// The tip before.
        before: Tip,
        /// The tip now.
        tip: Tip,
        /// The number of blocks appended.
        count: u64,
        /// The number of their payments, including rewards.
        payments: u64,
        /// The bytes of their canonical texts.
        bytes: u64,
        /// Where they come from.
        origin: Origin,
    },
    /// Another chain replaced blocks of ours.
    Reorganised {
        /// The last block that both chains share.
        fork: ForkPoint,
        /// The tip before.
        from: Tip,
        /// The tip now.
        to: Tip,
        /// The number of our blocks that were replaced.
        disconnected: u64,
        /// The number of blocks that replaced them.
        connected: u64,
        /// The number of payments that returned to the pool.
        returned: usize,
        /// The number of payments that were dropped because the pool was full.
        dropped: u64,
    },
    /// Payments were added to the pool. Those that a reorg returns belong to [`Reorganised`](Self::Reorganised).
    PaymentsAdded {
        /// Their numbers in the pool. A later block may already hold some of them.
        numbers: RangeInclusive<PaymentNumber>,
        /// Where they come from.
        source: Source,
    },
    /// New peers were registered.
    PeersAdded {
        /// The new peers.
        added: Arc<[NodeAddress]>,
        /// The number of peers now.
        known: usize,
    },
    /// A peer was removed.
    PeerRemoved {
        /// The removed peer.
        removed: NodeAddress,
        /// The number of peers now.
        known: usize,
    },
    /// The ledger accepts no more changes: the stored data is damaged.
    Closed,
}

/// Where blocks come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// This node mined the block. One block per event.
    Mined,
    /// Another node pushed the block. One block per event.
    Pushed,
    /// The blocks come from a peer's chain or a file.
    Fetched,
}

/// Where payments come from. Users sort first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// A user sent them to this node.
    User,
    /// Another node relayed them.
    Relay,
}
