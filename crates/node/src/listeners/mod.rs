//! Listeners that run as long as the node.
//!
//! - `journal`: log lines for added blocks, reorgs and peers
//! - `live`: the live feed for web pages
//! - `threads`: a thread for each listener
//!
//! A listener is a file here, with an async function `run`, and its line in [`start`]. `run` reads what it needs, then
//! waits for events in a loop. It reads again after [`Heard::Lagged`](crate::events::Heard::Lagged) and returns at the
//! end. It upgrades its handle to the ledger only while it reads: a handle held while waiting would keep the node running.

mod journal;
mod live;
mod threads;

use std::io;

use crate::ledger::Ledger;
use crate::live::LiveFeed;

pub use threads::Listeners;

/// Starts all listeners.
///
/// # Errors
///
/// The system's error if it cannot start a thread.
pub fn start(ledger: &Ledger, feed: &LiveFeed) -> io::Result<Listeners> {
    let mut listeners = Listeners::of(ledger);
    listeners.start("journal", ledger.listen_to_chain(), journal::run)?;
    let feed = feed.clone();
    listeners.start("live", ledger.listen(), |events, ledger| live::run(events, ledger, feed))?;
    Ok(listeners)
}
