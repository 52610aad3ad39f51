//! The log lines of what changed in the ledger: reorgs and peers. Blocks of ours are logged by the miner, which knows the
//! search, too.

use std::io;
use std::thread::JoinHandle;

use tokio::runtime::Builder;

use crate::events::{Change, Event, Heard, Listener, Origin};

/// Writes a line for each change, on a thread of its own: it goes on while the server ends, up to the last change.
#[derive(Debug)]
pub struct Journal(JoinHandle<()>);

impl Journal {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// What the system says when there can be no thread.
    pub fn start(changes: Listener) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().build()?;
        let thread = std::thread::Builder::new().name("journal".into());
        thread.spawn(move || runtime.block_on(write(changes))).map(Self)
    }

    /// Waits for the last line, which comes once nobody has the ledger any more.
    pub fn finish(self) {
        // Lines that are missing are no reason to end otherwise.
        let _ = self.0.join();
    }
}

async fn write(mut changes: Listener) {
    loop {
        match changes.next().await {
            Heard::Event(Event { change, .. }) => log(&change),
            Heard::Lagged(lost) => tracing::warn!("the log lacks {lost} changes: too many came at once"),
            Heard::Ended => return,
        }
    }
}

fn log(change: &Change) {
    match change {
        Change::BlocksConnected { tip, count, origin: Origin::Fetched, .. } => {
            tracing::info!("reorg: 0 blocks out, {count} in, height {}", tip.height);
        }
        Change::Reorganised { to, disconnected, connected, .. } => {
            tracing::info!("reorg: {disconnected} blocks out, {connected} in, height {}", to.height);
        }
        Change::PeersAdded { known, .. } => tracing::info!("registered neighbours ({known} known)"),
        Change::PeerRemoved { removed, known } => {
            tracing::info!("removed neighbour {removed} ({known} left)");
        }
        _ => {}
    }
}
