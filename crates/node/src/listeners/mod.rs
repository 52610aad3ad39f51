//! Listeners that run as long as the node.
//!
//! - `journal`: log lines for added blocks, reorgs and peers
//! - `threads`: a thread for each listener
//!
//! A listener is a file here, with an async function `run`, and its line in [`start`]. `run` reads what it needs, then
//! waits for events in a loop. It reads again after [`Heard::Lagged`](crate::events::Heard::Lagged) and returns at the
//! end. It upgrades its handle to the ledger only while it reads: a handle held while waiting would keep the node running.

mod journal;
mod threads;

use std::io;

use crate::ledger::Ledger;

pub use threads::Listeners;

/// Starts all listeners.
///
/// # Errors
///
/// The system's error if it cannot start a thread.
pub fn start(ledger: &Ledger) -> io::Result<Listeners> {
    let mut listeners = Listeners::of(ledger);
    listeners.start("journal", ledger.listen_to_chain(), journal::run)?;
    Ok(listeners)
}
