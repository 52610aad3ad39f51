//! One connection's position in the feed.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use serde_json::json;
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until};

use super::News;
use super::hub::Hub;
use super::ring::text;

/// Shortest time between two sends to one connection.
const PACE: Duration = Duration::from_millis(100);

/// Longest silence on a connection, so that both sides notice when it is dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A connection to the feed.
#[derive(Debug)]
pub struct Subscriber {
    hub: Arc<Hub>,
    newest: Receiver<u64>,
    /// Progress of mining, and of a chain on its way in.
    progress: [Receiver<Bytes>; 2],
    /// Events up to this number were sent.
    position: u64,
    /// What to send first.
    first: Bytes,
    /// When the last piece was sent.
    sent: Instant,
}

impl Subscriber {
    pub(super) fn new(hub: Arc<Hub>, newest: Receiver<u64>, first: Bytes, position: u64) -> Self {
        let mut progress = [hub.mining.subscribe(), hub.sync.subscribe()];
        // The current progress is new to this connection.
        progress.iter_mut().for_each(Receiver::mark_changed);
        Self { hub, newest, progress, position, first, sent: Instant::now() - PACE }
    }

    /// Waits for the next piece, of one event or more; `None` when the node stops.
    pub async fn next(&mut self) -> Option<Bytes> {
        let closed = self.hub.closed.clone();
        let piece = closed.run_until_cancelled(self.piece()).await?;
        self.sent = Instant::now();
        Some(piece)
    }

    async fn piece(&mut self) -> Bytes {
        sleep_until(self.sent + PACE).await;
        loop {
            let piece = self.take();
            if !piece.is_empty() {
                return piece;
            }
            let [mining, sync] = &mut self.progress;
            // The hub holds the senders, so they always exist.
            tokio::select! {
                _ = self.newest.changed() => {}
                _ = mining.changed() => mining.mark_changed(),
                _ = sync.changed() => sync.mark_changed(),
                () = sleep_until(self.sent + HEARTBEAT) => return text("ping", &json!({})).into(),
            }
        }
    }

    /// Takes all new events.
    fn take(&mut self) -> Bytes {
        let mut pieces = vec![std::mem::take(&mut self.first)];
        self.newest.mark_unchanged();
        let ring = self.hub.ring();
        match ring.after(self.position) {
            Some(events) => pieces.extend(events.cloned()),
            // The client was so slow that the ring forgot events.
            None => pieces.push(ring.write(&News::Reset, ring.newest())),
        }
        self.position = ring.newest();
        drop(ring);
        let changed = self.progress.iter_mut().filter(|progress| progress.has_changed().unwrap_or(false));
        pieces.extend(changed.map(|progress| progress.borrow_and_update().clone()));
        join(&pieces)
    }
}

/// Joins pieces; a single one is not copied.
fn join(pieces: &[Bytes]) -> Bytes {
    let mut filled = pieces.iter().filter(|piece| !piece.is_empty());
    match (filled.next(), filled.next()) {
        (None, _) => Bytes::new(),
        (Some(one), None) => one.clone(),
        _ => pieces
            .iter()
            .fold(BytesMut::new(), |mut all, piece| {
                all.extend_from_slice(piece);
                all
            })
            .freeze(),
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::BlockHash;

    use super::*;
    use crate::live::{LiveFeed, Pool, State};

    fn state() -> State {
        State { height: 1, hash: BlockHash::of_text(""), neighbours: 0, pool: Pool { bytes: 0, count: 0 } }
    }

    fn names(piece: &Bytes) -> Vec<String> {
        let text = String::from_utf8(piece.to_vec()).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("event: ")).map(str::to_owned).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn events_between_two_sends_share_a_piece() {
        let feed = LiveFeed::new(1);
        let mut connection = feed.subscribe(None, state);
        assert_eq!(names(&connection.next().await.unwrap()), ["ready"]);
        let sent = Instant::now();
        for _ in 0..3 {
            feed.publish(&News::Payment(state()));
            feed.show_mining(&json!({ "mining": true }));
            feed.show_sync(&json!({ "syncing": true }));
        }
        let all = ["payment", "payment", "payment", "mining", "sync"];
        assert_eq!(names(&connection.next().await.unwrap()), all);
        assert_eq!(sent.elapsed(), PACE);
    }

    #[tokio::test(start_paused = true)]
    async fn silent_feed_sends_a_ping() {
        let feed = LiveFeed::new(1);
        let mut connection = feed.subscribe(None, state);
        connection.next().await.unwrap();
        for _ in 0..2 {
            let sent = Instant::now();
            assert_eq!(names(&connection.next().await.unwrap()), ["ping"]);
            assert_eq!(sent.elapsed(), HEARTBEAT);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn too_slow_connection_gets_a_reset() {
        let feed = LiveFeed::new(1);
        let mut connection = feed.subscribe(None, state);
        connection.next().await.unwrap();
        (0..=super::super::ring::KEPT).for_each(|_| feed.publish(&News::Payment(state())));
        assert_eq!(names(&connection.next().await.unwrap()), ["reset"]);
        feed.publish(&News::Peers(state()));
        assert_eq!(names(&connection.next().await.unwrap()), ["peers"]);
    }

    #[tokio::test(start_paused = true)]
    async fn closed_feed_ends_its_connections() {
        let feed = LiveFeed::new(1);
        assert_eq!(feed.connections(), 0);
        let mut connection = feed.subscribe(None, state);
        assert_eq!(feed.connections(), 1);
        connection.next().await.unwrap();
        let (ended, ()) = tokio::join!(connection.next(), async { feed.close() });
        assert_eq!(ended, None);
        assert_eq!(feed.subscribe(None, state).next().await, None);
    }
}
