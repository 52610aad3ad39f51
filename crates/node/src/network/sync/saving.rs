//! Writes the known peers to the data directory.

use std::io;
use std::path::PathBuf;

use p2p::{Event, Network};

use crate::network::known;
use crate::system::threads::blocking;

/// Whether the known peers have changed since they were written, and where to.
pub(super) struct Saving {
    directory: PathBuf,
    is_due: bool,
}

impl Saving {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, is_due: false }
    }

    /// Notes whether an event changes the known peers: one came, left or was banned.
    pub(super) fn note(&mut self, event: &Event) {
        self.is_due |= matches!(event, Event::Joined { .. } | Event::Left(_) | Event::Banned { .. });
    }

    /// Writes them, if they have changed.
    ///
    /// # Errors
    ///
    /// The system's error.
    pub(super) async fn save(&mut self, network: &Network) -> io::Result<()> {
        if !std::mem::take(&mut self.is_due) {
            return Ok(());
        }
        let (peers, directory) = (network.known_peers().await, self.directory.clone());
        let written = blocking("saving the known peers", move || known::write(&directory, &peers)).await;
        written.unwrap_or_else(|panicked| {
            tracing::error!("{panicked}");
            Ok(())
        })
    }
}
