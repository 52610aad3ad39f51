//! Who hears of changes in the ledger for the whole run.
//!
//! - `journal`: the log lines of reorgs and peers
//! - `threads`: a thread for each
//!
//! A listener is a file here, with an async function `run`, and its line in [`start`]. `run` reads what it needs, then waits
//! for the next event in a loop, reads again when it has lagged, and returns at the end. It upgrades its handle of the ledger
//! for one read at a time: a handle held while it waits would keep the node from stopping.

mod journal;
mod threads;

use std::io;

use crate::ledger::Ledger;

pub use threads::Listeners;

/// Starts all listeners.
///
/// # Errors
///
/// What the system says when there can be no thread.
pub fn start(ledger: &Ledger) -> io::Result<Listeners> {
    let mut listeners = Listeners::of(ledger);
    listeners.start("journal", ledger.listen_to_chain(), journal::run)?;
    Ok(listeners)
}
