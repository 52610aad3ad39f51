//! Listeners that run as long as the node.
//!
//! - `counters`: counts changes for `GET /metrics`
//! - `gossip`: blocks and payments of this node, for the peer-to-peer network
//! - `journal`: log lines for added blocks, reorgs and peers
//! - `live`: the live feed for web pages
//! - `syncing`: a progress bar while a chain is fetched from peers
//! - `threads`: a thread for each listener
//!
//! A listener is a file here, with an async function `run`, and its line in [`start`]. `run` reads what it needs, then
//! waits for events in a loop. It reads again after [`Heard::Lagged`](crate::events::Heard::Lagged) and returns at the
//! end. It upgrades its handle to the ledger only while it reads: a handle held while waiting would keep the node running.

mod counters;
mod gossip;
mod journal;
mod live;
mod syncing;
mod threads;

use std::io;

use crate::ledger::Ledger;
use crate::live::LiveFeed;
use crate::metrics::ChangeMetrics;
use crate::network::Network;
use crate::telemetry;

pub use threads::Listeners;

/// Starts all listeners.
///
/// # Errors
///
/// The system's error if it cannot start a thread.
pub fn start(ledger: &Ledger, feed: &LiveFeed, changes: &ChangeMetrics) -> io::Result<Listeners> {
    let mut listeners = Listeners::of(ledger);
    listeners.start("journal", ledger.listen_to_chain(), journal::run)?;
    let feed = feed.clone();
    listeners.start("live", ledger.listen(), |events, ledger| live::run(events, ledger, feed))?;
    let changes = changes.clone();
    let counters = |events, _| counters::run(events, changes);
    listeners.start("counters", ledger.listen_to_chain(), counters)?;
    Ok(listeners)
}

/// Starts the listeners of a node in the peer-to-peer network: one sends our blocks and payments to it, and on a terminal
/// another shows each sync.
///
/// # Errors
///
/// As [`start`].
pub fn start_for_network(listeners: &mut Listeners, ledger: &Ledger, network: Network) -> io::Result<()> {
    if telemetry::is_watched() {
        let syncs = network.syncs();
        listeners.start("syncing", ledger.listen_to_chain(), |events, _| syncing::run(events, syncs))?;
    }
    listeners.start("gossip", ledger.listen(), |events, ledger| gossip::run(events, ledger, network))
}
