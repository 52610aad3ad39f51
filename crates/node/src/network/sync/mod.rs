//! Catching up with peers whose chains win over ours.
//!
//! - `task`: decides when to ask which peer, and handles failing ones
//! - `standing`: the peers' tips, and which peer to sync with next
//! - `fetch`: fetches a chain from all peers that have it, and hands it to the ledger's intake
//! - `links`: how blocks name each other, for the download
//! - `progress`: how far that is
//! - `error`: why a peer's chain was not taken, and the peer's offence

mod error;
mod fetch;
mod links;
mod progress;
mod standing;
mod task;

pub(super) use progress::Progress;
pub use progress::{Sync, SyncState};
pub(super) use task::Task;
