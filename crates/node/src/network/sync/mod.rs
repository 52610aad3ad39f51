//! Catching up with peers whose chains win over ours.
//!
//! - `task`: decides when to ask which peer, and handles failing ones
//! - `standing`: the peers' tips, and which peer to sync with next
//! - `fetch`: fetches one peer's chain from the fork point on, and hands it to the ledger's intake
//! - `download`: the chain's bytes, page by page
//! - `error`: why a peer's chain was not taken, and the peer's offence

mod download;
mod error;
mod fetch;
mod standing;
mod task;

pub(super) use task::Task;
