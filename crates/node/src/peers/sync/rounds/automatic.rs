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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::testing::Log;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn rounds_begin_an_interval_apart_and_wait_for_each_other() {
        let (log, _logging) = Log::begin();
        let (begun, (requests, mut queue)) = (Instant::now(), mpsc::channel(1));
        let rounds = tokio::spawn(resolve_every(MINUTE, requests));
        let first = queue.recv().await.unwrap();
        assert!(first.is_automatic);
        assert_eq!(begun.elapsed(), MINUTE);
        assert!(log.take().contains("resolving every 60 s"));
        tokio::time::sleep(3 * MINUTE / 2).await;
        assert!(queue.try_recv().is_err(), "the first round has not ended");
        drop(first);
        drop(queue.recv().await.unwrap());
        assert_eq!(begun.elapsed(), 5 * MINUTE / 2);
        drop(queue.recv().await.unwrap());
        assert_eq!(begun.elapsed(), 7 * MINUTE / 2);
        drop(queue);
        rounds.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn longest_interval_does_not_overflow() {
        let (requests, mut queue) = mpsc::channel(1);
        let rounds = tokio::spawn(resolve_every(Duration::MAX, requests));
        let year = Duration::from_secs(366 * 86_400);
        assert!(tokio::time::timeout(year, queue.recv()).await.is_err());
        assert!(!rounds.is_finished());
    }
}
