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
            Heard::Event(Event { change, .. }) => {
                if let Some(line) = line(&change) {
                    tracing::info!("{line}");
                }
            }
            Heard::Lagged(lost) => tracing::warn!("the log lacks {lost} changes: too many came at once"),
            Heard::Ended => return,
        }
    }
}

/// The log line of a change, if it has one.
fn line(change: &Change) -> Option<String> {
    match change {
        Change::BlocksConnected { tip, count, origin: Origin::Fetched, .. } => {
            Some(format!("added {}, height {}", counted(*count), tip.height))
        }
        Change::Reorganised { to, disconnected, connected, .. } => {
            Some(format!("reorg: {} out, {connected} in, height {}", counted(*disconnected), to.height))
        }
        Change::PeersAdded { known, .. } => Some(format!("registered neighbours ({known} known)")),
        Change::PeerRemoved { removed, known } => Some(format!("removed neighbour {removed} ({known} left)")),
        _ => None,
    }
}

fn counted(blocks: u64) -> String {
    if blocks == 1 { "1 block".to_owned() } else { format!("{blocks} blocks") }
}

#[cfg(test)]
mod tests {
    use ledger_core::{BlockHash, ForkPoint, Height, Tip};

    use super::*;

    fn tip(height: u64) -> Tip {
        let (hash, weight) = (BlockHash::of_text(""), height.into());
        Tip { height: Height::new(height).unwrap(), proof: 1, hash, weight }
    }

    fn connected(count: u64, origin: Origin) -> Change {
        Change::BlocksConnected { before: tip(1), tip: tip(3), count, payments: 2, bytes: 600, origin }
    }

    #[test]
    fn fetched_blocks_without_a_fork_are_added() {
        assert_eq!(line(&connected(2, Origin::Fetched)).unwrap(), "added 2 blocks, height 3");
        assert_eq!(line(&connected(1, Origin::Fetched)).unwrap(), "added 1 block, height 3");
        assert_eq!(line(&connected(1, Origin::Mined)), None, "the miner has its own line");
    }

    #[test]
    fn reorg_tells_blocks_out_and_in() {
        let reorg = Change::Reorganised {
            fork: ForkPoint::Nothing,
            from: tip(1),
            to: tip(3),
            disconnected: 1,
            connected: 3,
            returned: 0,
            dropped: 0,
        };
        assert_eq!(line(&reorg).unwrap(), "reorg: 1 block out, 3 in, height 3");
    }
}
