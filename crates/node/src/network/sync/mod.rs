//! Catching up with peers whose chains win over ours.
//!
//! - `task`: the loop over events of the network and of the ledger
//! - `catch_up`: which peer the task asks for blocks next, and what it does with the answer
//! - `statuses`: exchanges tips with peers
//! - `standing`: the peers' tips, and which peer to sync with next
//! - `branches`: asks peers what their chains have after ours
//! - `current`: the running sync
//! - `fetch`: fetches a chain from all peers that have it, and hands it to the ledger's intake
//! - `links`: how blocks name each other, for the download
//! - `progress`: how far the sync is
//! - `error`: why a peer's chain was not taken, and the peer's offence
//! - `saving`: writes the known peers to the data directory

mod branches;
mod catch_up;
mod current;
mod error;
mod fetch;
mod links;
mod progress;
mod saving;
mod standing;
mod statuses;
mod task;

pub(super) use progress::Progress;
pub use progress::{Sync, SyncState};
pub(super) use task::Task;
