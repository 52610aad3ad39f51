//! Progress of mining and of a sync, for the live feed.

use std::time::{Duration, Instant};

use futures_util::future::join;
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

use crate::api::handlers::mine::Search;
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
            node.live.show_sync(&sync(node.ledger.incoming_height(), began.elapsed()));
            is_shown = true;
        }
        if is_shown {
            node.live.show_sync(&json!({ "syncing": false }));
        }
    }
}

fn sync(height: u64, elapsed: Duration) -> Value {
    json!({ "height": height, "seconds": elapsed.as_secs_f64(), "syncing": true })
}

/// Waits for a state. Returns false if the node ends first.
async fn wait_for<T>(state: &mut Receiver<T>, is_meant: impl FnMut(&T) -> bool) -> bool {
    state.wait_for(is_meant).await.is_ok()
}
