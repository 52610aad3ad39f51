//! The node in the peer-to-peer network: connects the crate `p2p`, which knows no rule, to the ledger and its rules.
//!
//! - `network`: [`Network`], the node's handle, and joining
//! - `key_file`: the key that identifies this node to peers
//! - `agent`: what nodes say of themselves; `forks`: where the chains of peers part from ours
//! - `answers`: answers to the network's requests; `serve`: blocks for peers
//! - `judge/`: verdicts on what peers send; blocks whose parents come late
//! - `neighbours`: links HTTP neighbours that are in the network, too
//! - `known`: the peers that an earlier run knew
//! - `unsent`: payments that an earlier run has not sent
//! - `relayed`, `tips`: payments and tips in the network's form
//! - `sync/`: catching up with peers whose chains win
//! - `log`: log lines about peers, bounded
//!
//! The network's own thread must not block: it hands work to threads that may. It holds weak handles to the ledger, so it does
//! not delay a stop.

mod agent;
mod answers;
mod forks;
mod judge;
mod key_file;
mod known;
mod log;
mod neighbours;
#[expect(clippy::module_inception, reason = "the room is named after what it is about")]
mod network;
mod relayed;
mod serve;
mod sync;
mod tips;
mod unsent;

pub use agent::Agent;
pub use key_file::{KeyFileError, create as create_key, find as find_key};
pub use network::{JoinError, Network};
pub use sync::{Sync, SyncState};
pub use unsent::keep_all as keep_unsent;
