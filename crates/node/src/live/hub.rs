//! The state that the feed and its connections share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::ring::Ring;

/// The last events, and the channels that wake waiting connections.
#[derive(Debug)]
pub(super) struct Hub {
    ring: Mutex<Ring>,
    /// The number of the newest event.
    pub(super) newest: watch::Sender<u64>,
    /// The newest progress of mining, as the text of an event.
    pub(super) mining: watch::Sender<Bytes>,
    /// The newest progress of an incoming chain, as the text of an event.
    pub(super) sync: watch::Sender<Bytes>,
    /// Cancelled when the node stops.
    pub(super) closed: CancellationToken,
}

impl Hub {
    pub(super) fn new(start: u64) -> Self {
        Self {
            ring: Mutex::new(Ring::new(start)),
            newest: watch::Sender::default(),
            mining: watch::Sender::default(),
            sync: watch::Sender::default(),
            closed: CancellationToken::new(),
        }
    }

    pub(super) fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
