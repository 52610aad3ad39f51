//! Log lines for changes of the ledger: added blocks, reorgs and peers. The miner logs its own blocks, since it also knows
//! the search.

use ledger_core::{Blocks, ForkPoint};

use crate::events::{Change, Event, Heard, Listener, Origin};
use crate::ledger::WeakLedger;

/// Writes a line for each change.
pub(super) async fn run(mut events: Listener, ledger: WeakLedger) {
    loop {
        match events.next().await {
            Heard::Event(Event { change, .. }) => {
                for line in [line(&change), reorg_details(&change)].into_iter().flatten() {
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
    format!("; height {height}, peers known: {known}")
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

/// The second log line of a reorg: where the chains part, both tips, and what happened to our payments.
fn reorg_details(change: &Change) -> Option<String> {
    let Change::Reorganised { fork, from, to, disconnected, returned, dropped, .. } = change else {
        return None;
    };
    let fork = match fork {
        ForkPoint::Nothing => "no block in common".to_owned(),
        ForkPoint::Block { height, .. } => format!("fork at block {height}"),
    };
    let payments = if *returned == 1 { "payment" } else { "payments" };
    Some(format!(
        "reorg: depth {disconnected}, {fork}, from {:.16}… to {:.16}…, {returned} {payments} returned to the pool, {dropped} \
         dropped",
        from.hash, to.hash
    ))
}

#[cfg(test)]
mod tests {
    use ledger_core::{BlockHash, Height, NodeAddress, Tip};

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

    fn reorg(fork: ForkPoint) -> Change {
        let (disconnected, connected, returned, dropped) = (1, 3, 1, 2);
        let (from, to) = (tip(1), tip(3));
        Change::Reorganised { fork, from, to, disconnected, connected, returned, dropped }
    }

    #[test]
    fn reorg_counts_blocks_out_and_in() {
        assert_eq!(line(&reorg(ForkPoint::Nothing)).unwrap(), "reorg: 1 block out, 3 in, height 3");
    }

    #[test]
    fn second_line_of_a_reorg_names_its_depth_and_both_tips() {
        let (fork, hash) = (ForkPoint::from(tip(7)), "e3b0c44298fc1c14…");
        let end = format!("from {hash} to {hash}, 1 payment returned to the pool, 2 dropped");
        assert_eq!(reorg_details(&reorg(fork)).unwrap(), format!("reorg: depth 1, fork at block 7, {end}"));
        assert_eq!(
            reorg_details(&reorg(ForkPoint::Nothing)).unwrap(),
            format!("reorg: depth 1, no block in common, {end}")
        );
        assert_eq!(reorg_details(&connected(1, Origin::Fetched)), None);
    }

    #[tokio::test]
    async fn changes_are_logged() {
        use crate::ledger::testing::{append_unproved, ledger};
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let (events, weak) = (ledger.listen(), ledger.downgrade());
        assert_eq!(now(&weak), "; height 1, peers known: 0");
        // Drops the ledger, which ends the events.
        tokio::task::spawn_blocking(move || append_unproved(&ledger)).await.unwrap();
        let (log, _logging) = crate::telemetry::testing::Log::begin();
        run(events, weak.clone()).await;
        let logged = log.take();
        assert!(logged.contains("added 1 block, height 2"), "{logged}");
        assert_eq!(now(&weak), "");
    }
}
