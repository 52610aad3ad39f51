//! The one feed of a node.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::hub::Hub;
use super::ring::text;
use super::{News, State, Subscriber};

/// The live feed. Clones share it.
#[derive(Clone, Debug)]
pub struct LiveFeed(Arc<Hub>);

impl LiveFeed {
    /// A feed without events. `start` is the time of the node's start, in milliseconds since 1970: it distinguishes the ids of this
    /// run from those of others.
    pub fn new(start: u64) -> Self {
        Self(Arc::new(Hub::new(start)))
    }

    /// Sends an event to all connections, and keeps it for those that resume.
    pub fn publish(&self, news: &News) {
        let number = self.0.ring().push(news);
        self.0.newest.send_replace(number);
    }

    /// Shows the progress of mining to all connections.
    pub fn show_mining(&self, progress: &Value) {
        self.0.mining.send_replace(text("mining", progress).into());
    }

    /// Shows the progress of an incoming chain to all connections.
    pub fn show_sync(&self, progress: &Value) {
        self.0.sync.send_replace(text("sync", progress).into());
    }

    /// The number of connections.
    pub fn connections(&self) -> usize {
        self.0.newest.receiver_count()
    }

    /// Begins a connection, after the event with this id if it is still kept. `state` reads the ledger.
    pub fn subscribe(&self, after: Option<&str>, state: impl FnOnce() -> State) -> Subscriber {
        // Subscribe before reading the state, so that no change in between is missed.
        let newest = self.0.newest.subscribe();
        let (resumed, position) = {
            let ring = self.0.ring();
            (after.and_then(|id| ring.position(id)), ring.newest())
        };
        let first = match (resumed, after) {
            (Some(_), _) => Bytes::new(),
            (None, Some(_)) => self.0.ring().write(&News::Reset, position),
            (None, None) => {
                let ready = News::Ready(state());
                self.0.ring().write(&ready, position)
            }
        };
        Subscriber::new(Arc::clone(&self.0), newest, first, resumed.unwrap_or(position))
    }

    /// Ends all connections, and every later one at once.
    pub fn close(&self) {
        self.0.closed.cancel();
    }
}
