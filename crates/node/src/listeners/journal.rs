//! Log lines for changes of the ledger: added blocks, reorgs and peers. The miner logs its own blocks, since it also knows
//! the search.

use ledger_core::Blocks;

use crate::events::{Change, Event, Heard, Listener, Origin};
use crate::ledger::WeakLedger;

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
                tracing::warn!("log skipped {lost} changes: too many at once{}", now(&ledger));
            }
            Heard::Ended => return,
        }
    }
}

/// The state of the ledger after changes that the log does not show.
fn now(ledger: &WeakLedger) -> String {
    let Some(ledger) = ledger.upgrade() else { return String::new() };
    let (height, known) = ledger.view(|view| (view.tip.height, view.peers.len()));
    format!("; now height {height}, {known} peers known")
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
        Change::PeersAdded { added, known } => {
            let unit = if added.len() == 1 { "peer" } else { "peers" };
            Some(format!("registered {} {unit} ({known} known)", added.len()))
        }
        Change::PeerRemoved { removed, known } => Some(format!("removed peer {removed} ({known} left)")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::{BlockHash, ForkPoint, Height, NodeAddress, Tip};

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
    fn registered_and_removed_peers_are_counted() {
        let peer = |port: u16| format!("localhost:{port}").parse::<NodeAddress>().unwrap();
        let added = |ports: &[u16], known| Change::PeersAdded {
            added: ports.iter().map(|port| peer(*port)).collect(),
            known,
        };
        assert_eq!(line(&added(&[5001], 3)).unwrap(), "registered 1 peer (3 known)");
        assert_eq!(line(&added(&[5001, 5002], 2)).unwrap(), "registered 2 peers (2 known)");
        let removed = Change::PeerRemoved { removed: peer(5001), known: 1 };
        assert_eq!(line(&removed).unwrap(), "removed peer localhost:5001 (1 left)");
    }

    #[test]
    fn reorg_counts_blocks_out_and_in() {
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
