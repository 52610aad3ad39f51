//! Progress of mining and of a sync, for the live feed.

use std::time::{Duration, Instant};

use futures_util::future::join;
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

use crate::api::handlers::mine::Search;
use crate::network::{Network, Sync};
use crate::node::Node;

/// Time between two events about the same work.
const TICK: Duration = Duration::from_millis(200);

/// Shows the progress of mining and of incoming chains, while the node runs.
pub async fn show_progress(node: &Node) {
    join(show_mining(node), show_sync(node)).await;
}

async fn show_mining(node: &Node) {
    let progress = || serde_json::to_value(Search::of(&node.miner)).expect("progress is plain data");
    let mut is_mining = node.miner.is_mining();
    node.live.show_mining(&progress());
    while wait_for(&mut is_mining, |mining| *mining).await {
        while *is_mining.borrow_and_update() {
            node.live.show_mining(&progress());
            let _ = timeout(TICK, is_mining.changed()).await;
        }
        node.live.show_mining(&progress());
    }
}

/// Shows syncs, except those that take less than a tick.
async fn show_sync(node: &Node) {
    let mut incoming = node.ledger.incoming();
    while wait_for(&mut incoming, |chains| *chains > 0).await {
        let (began, mut is_shown) = (Instant::now(), false);
        while timeout(TICK, incoming.wait_for(|chains| *chains == 0)).await.is_err() {
            node.live.show_sync(&sync(node, began.elapsed()));
            is_shown = true;
        }
        if is_shown {
            node.live.show_sync(&json!({ "syncing": false }));
        }
    }
}

/// The progress of a sync. Peers of the peer-to-peer network say how many blocks will come. Neighbours do not.
fn sync(node: &Node, elapsed: Duration) -> Value {
    let fetching = node.network.as_ref().and_then(Network::sync);
    json!({
        "blocks_per_second": fetching.as_ref().and_then(Sync::rate).map(f64::round),
        "height": node.ledger.incoming_height(),
        "seconds": elapsed.as_secs_f64(),
        "seconds_left": fetching.as_ref().and_then(Sync::time_left).map(|left| left.as_secs()),
        "syncing": true,
        "target": fetching.map(|sync| sync.target),
    })
}

/// Waits for a state that `is_meant` accepts. Returns false if the node ends first.
async fn wait_for<T>(state: &mut Receiver<T>, is_meant: impl FnMut(&T) -> bool) -> bool {
    state.wait_for(is_meant).await.is_ok()
}

#[cfg(test)]
mod tests {
    use actix_web::web::Data;
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::node;
    use crate::ledger::testing::{rewards, stage};
    use crate::live::{State, Subscriber};
    use crate::miner::Asker;
    use crate::node::testing;
    use crate::system::threads::blocking;

    /// Starts to show progress, and connects to the live feed.
    fn follow(node: &Data<Node>) -> Subscriber {
        let shown = node.clone();
        actix_web::rt::spawn(async move { show_progress(&shown).await });
        node.live.subscribe(None, || node.ledger.view(State::of))
    }

    /// The data of the next event of a kind that has this member with this value.
    async fn next(feed: &mut Subscriber, kind: &str, member: &str, value: bool) -> Value {
        loop {
            let piece = feed.next().await.unwrap();
            let piece = std::str::from_utf8(&piece).unwrap();
            for event in piece.split("\n\n").filter(|event| event.contains(&format!("event: {kind}\n"))) {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
                let data: Value = serde_json::from_str(data).unwrap();
                if data[member] == value {
                    return data;
                }
            }
        }
    }

    #[actix_web::test]
    async fn incoming_chain_is_shown_until_it_ends() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let mut feed = follow(&node);
        let ledger = node.ledger.clone();
        let staged =
            blocking("staging", move || stage(&ledger, ledger.tip(), rewards("them", 5))).await.unwrap();
        let mut shown = next(&mut feed, "sync", "syncing", true).await;
        let seconds = shown.as_object_mut().unwrap().remove("seconds").unwrap().as_f64().unwrap();
        assert!((TICK.as_secs_f64()..60.0).contains(&seconds), "{seconds}");
        let height = node.ledger.incoming_height();
        let expected = json!({
            "blocks_per_second": null, "height": height, "seconds_left": null, "syncing": true, "target": null,
        });
        assert_eq!(shown, expected);
        blocking("removing", move || drop(staged)).await.unwrap();
        assert_eq!(next(&mut feed, "sync", "syncing", false).await, json!({"syncing": false}));
    }

    #[actix_web::test]
    async fn search_is_shown_until_it_ends() {
        let directory = tempdir().unwrap();
        let node = Data::new(testing::node(directory.path(), &["--difficulty", "40", "--threads", "1"]));
        let mut feed = follow(&node);
        assert_eq!(next(&mut feed, "mining", "mining", false).await, json!({"mining": false}));
        let shared = node.clone();
        let search =
            actix_web::rt::spawn(async move { shared.miner.mine(Asker::Client(None)).await.map(drop) });
        let shown = next(&mut feed, "mining", "mining", true).await;
        assert_eq!((&shown["difficulty"], &shown["index"]), (&json!(40), &json!(2)));
        // Each tick shows more tries.
        next(&mut feed, "mining", "mining", true).await;
        search.abort();
        next(&mut feed, "mining", "mining", false).await;
    }
}
