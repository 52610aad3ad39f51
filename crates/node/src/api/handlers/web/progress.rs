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

/// A sync that takes less than a tick is not shown.
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

/// A neighbour does not say how many blocks come; peers of the peer-to-peer network do.
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

/// Waits for a state. Returns false if the node ends first.
async fn wait_for<T>(state: &mut Receiver<T>, is_meant: impl FnMut(&T) -> bool) -> bool {
    state.wait_for(is_meant).await.is_ok()
}
