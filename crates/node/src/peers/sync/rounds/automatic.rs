//! Resolving without requests.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::peers::sync::resolved::Request;

/// Longest interval between rounds: a hundred years. Keeps sums of times from overflowing.
const MAX_INTERVAL: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Starts a round at each interval, after the round before has ended. Returns when the task has ended.
pub(in crate::peers::sync) async fn resolve_every(interval: Duration, requests: mpsc::Sender<Request>) {
    tracing::info!("resolving every {} s", interval.as_secs());
    let interval = interval.min(MAX_INTERVAL);
    let mut ticks = interval_at(Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (reply, result) = oneshot::channel();
        if requests.send(Request { reply, is_automatic: true }).await.is_err() {
            return;
        }
        // The round has logged any failure.
        let _ = result.await;
    }
}
