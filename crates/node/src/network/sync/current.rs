//! The running sync: at most one.

use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use ledger_core::Tip;
use p2p::{BlockId, Network, PeerId};
use tokio::sync::mpsc;

use super::error::{Failed, SyncError};
use super::fetch::Fetch;
use crate::ledger::Adoption;

/// The end of a sync.
pub(super) struct Synced {
    /// The peer that named the tip.
    pub(super) lead: PeerId,
    /// The tip.
    pub(super) claimed: Tip,
    pub(super) result: Result<Option<Adoption>, Failed>,
}

/// The running sync, if there is one.
#[derive(Default)]
pub(super) struct Current {
    /// At most one.
    running: FuturesUnordered<LocalBoxFuture<'static, Synced>>,
    /// The hash of the tip that is fetched, and the channel for peers that have it, too.
    joining: Option<(BlockId, mpsc::Sender<PeerId>)>,
}

impl Current {
    /// Begins a sync. None may be running. Peers that [`join`](Self::join) with its tip are sent to `joiners`.
    pub(super) fn begin(&mut self, fetch: Fetch, tip: BlockId, joiners: mpsc::Sender<PeerId>) {
        self.joining = Some((tip, joiners));
        let (network, lead, claimed) = (fetch.network.clone(), fetch.lead, fetch.claimed);
        let sync = async move {
            let result = excused(&network, claimed, fetch.switch().await).await;
            Synced { lead, claimed, result }
        };
        self.running.push(sync.boxed_local());
    }

    /// Whether none runs.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty()
    }

    /// Waits for the end of the sync; `None` if none runs. Cancel-safe.
    pub(super) async fn next(&mut self) -> Option<Synced> {
        let synced = self.running.next().await?;
        self.joining = None;
        Some(synced)
    }

    /// Lets a peer take part, if it has the chain that is fetched.
    pub(super) fn join(&self, peer: PeerId, tip: BlockId) {
        if let Some((target, joining)) = &self.joining
            && *target == tip
        {
            // Err: the sync ends, or enough peers wait already.
            let _ = joining.try_send(peer);
        }
    }
}

/// Excuses an invalid chain if its peer has switched to another one meanwhile: then pages of two chains arrived.
async fn excused(
    network: &Network,
    claimed: Tip,
    switched: Result<Option<Adoption>, Failed>,
) -> Result<Option<Adoption>, Failed> {
    match switched {
        Err(Failed { peer, error }) if error.offence().is_some() => {
            let now = network.status(peer).await;
            let is_other = now.is_ok_and(|now| now.tip.0 != *claimed.hash.as_bytes());
            Err(Failed { peer, error: if is_other { SyncError::Replaced } else { error } })
        }
        switched => switched,
    }
}
