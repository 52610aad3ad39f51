//! The content of an event.

use ledger_core::{BlockHash, Tip};
use serde::Serialize;
use serde_json::{Value, json};

use crate::ledger::View;

/// The name and the data of an event.
#[derive(Clone, Debug)]
pub enum News {
    /// The first event of a new connection.
    Ready(State),
    /// Blocks were added to our chain.
    Block {
        /// The chain's new end, and the pool.
        state: State,
        /// The number of blocks added.
        count: u64,
        /// The number of their payments, including rewards.
        payments: u64,
        /// `mined`, `pushed` or `fetched`.
        origin: &'static str,
    },
    /// Another chain replaced blocks of ours.
    Reorg {
        /// The chain's new end, and the pool.
        state: State,
        /// The height of the last block that both chains share; 0 if they share none.
        fork: u64,
        /// The tip before.
        from: Tip,
        /// The number of our blocks that were replaced.
        depth: u64,
        /// The number of blocks that took their place.
        connected: u64,
        /// The number of payments that returned to the pool.
        returned: usize,
        /// The number of payments that were dropped because the pool was full.
        dropped: u64,
    },
    /// Payments were added to the pool.
    Payment(State),
    /// Peers were registered or removed.
    Peers(State),
    /// Events were lost: read everything again.
    Reset,
}

/// The tip, the pool and the number of peers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// The height of the last block.
    pub height: u64,
    /// Its hash.
    pub hash: BlockHash,
    /// The number of peers.
    pub neighbours: usize,
    /// The waiting payments.
    pub pool: Pool,
}

/// The waiting payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pool {
    /// Bytes of their canonical texts.
    pub bytes: usize,
    /// Their number.
    pub count: usize,
}

impl State {
    /// The state of the ledger.
    pub fn of(view: &View) -> Self {
        Self {
            height: view.tip.height.get(),
            hash: view.tip.hash,
            neighbours: view.peers.len(),
            pool: Pool { bytes: view.pool.bytes(), count: view.pool.len() },
        }
    }
}

impl News {
    /// The event's name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Ready(_) => "ready",
            Self::Block { .. } => "block",
            Self::Reorg { .. } => "reorg",
            Self::Payment(_) => "payment",
            Self::Peers(_) => "peers",
            Self::Reset => "reset",
        }
    }

    /// The event's data: the state, and the members of this kind of event.
    pub(super) fn data(&self) -> Value {
        let (state, extra) = match self {
            Self::Reset => return json!({}),
            Self::Ready(state) | Self::Payment(state) | Self::Peers(state) => (state, json!({})),
            Self::Block { state, count, payments, origin } => {
                (state, json!({ "count": count, "payments": payments, "origin": origin }))
            }
            Self::Reorg { state, fork, from, depth, connected, returned, dropped } => (
                state,
                json!({
                    "connected": connected,
                    "depth": depth,
                    "dropped": dropped,
                    "fork": fork,
                    "from": { "height": from.height.get(), "hash": from.hash },
                    "returned": returned,
                }),
            ),
        };
        let mut data = serde_json::to_value(state).expect("a state is plain data");
        let (Value::Object(members), Value::Object(extra)) = (&mut data, extra) else {
            unreachable!("both are objects")
        };
        members.extend(extra);
        data
    }
}
