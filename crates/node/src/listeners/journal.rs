//! The log lines of what changed in the ledger: reorgs and peers. Blocks of ours are logged by the miner, which knows the
//! search, too.

use crate::events::{Change, Event, Heard, Listener, Origin};
use crate::ledger::{Blocks, WeakLedger};

/// Writes a line for each change.
pub(super) async fn run(mut events: Listener, ledger: WeakLedger) {
    loop {
        match events.next().await {
            Heard::Event(Event { change, .. }) => {
                if let Some(line) = line(&change) {
                    tracing::info!("{line}");
                }
            }
            Heard::Lagged(lost) => {
                tracing::warn!("the log lacks {lost} changes: too many came at once{}", now(&ledger));
            }
            Heard::Ended => return,
        }
    }
}

/// Where the ledger stands, for a log that lacks how it came there.
fn now(ledger: &WeakLedger) -> String {
    let Some(ledger) = ledger.upgrade() else { return String::new() };
    let (height, known) = ledger.view(|view| (view.tip.height, view.peers.len()));
    format!("; now height {height}, {known} neighbours known")
}

/// The log line of a change, if it has one.
fn line(change: &Change) -> Option<String> {
    match change {
        Change::BlocksConnected { tip, count, origin: Origin::Fetched | Origin::Pushed, .. } => {
            Some(format!("added {}, height {}", Blocks(*count), tip.height))
        }
        Change::Reorganised { to, disconnected, connected, .. } => {
            Some(format!("reorg: {} out, {connected} in, height {}", Blocks(*disconnected), to.height))
        }
        Change::PeersAdded { known, .. } => Some(format!("registered neighbours ({known} known)")),
        Change::PeerRemoved { removed, known } => Some(format!("removed neighbour {removed} ({known} left)")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::{BlockHash, ForkPoint, Height, Tip};

    use super::*;

    fn tip(height: u64) -> Tip {
        let (hash, weight) = (BlockHash::of_text(""), height.into());
        Tip::new(Height::new(height).unwrap(), hash, weight)
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
