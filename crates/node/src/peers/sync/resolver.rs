//! Consensus: the best valid chain among ours and the peers' (tutorial, section 8.2).

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::ask::PeerQuery;
use super::resolved::{Request, Resolved};
use super::rounds::{Task, resolve_every};
use crate::ledger::{ChangeError, Ledger};
use crate::metrics::NeighbourMetrics;
use crate::peers::client::Limits;
use crate::settings::Settings;

/// Requests that may wait for the task.
const QUEUE: usize = 64;

/// Handle to the task that compares our chain with the peers' chains. The task continues when its callers hang up.
#[derive(Debug)]
pub struct Resolver {
    requests: mpsc::Sender<Request>,
}

impl Resolver {
    /// Starts the task. It ends when `stop` is cancelled. Must be called in an async runtime.
    pub fn start(
        ledger: Ledger,
        settings: &Settings,
        metrics: &NeighbourMetrics,
        stop: CancellationToken,
    ) -> Self {
        let (requests, queue) = mpsc::channel(QUEUE);
        let task = Task::new(PeerQuery::new(ledger, Limits::from(settings)), metrics.clone());
        actix_web::rt::spawn(async move { stop.run_until_cancelled(task.run(queue)).await });
        if let Some(interval) = settings.resolve_every {
            actix_web::rt::spawn(resolve_every(interval, requests.clone()));
        }
        Self { requests }
    }

    /// Fetches all peers' chains and switches to each that wins over ours, as soon as it is complete. Returns the outcomes
    /// when all peers have answered or failed. A failing peer is skipped and logged.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if our own store fails and our chain stayed the same, or if the node stops.
    pub async fn resolve(&self) -> Result<Arc<Resolved>, ChangeError> {
        let (reply, result) = oneshot::channel();
        self.requests.send(Request { reply, is_automatic: false }).await.map_err(|_| ChangeError::Stopped)?;
        result.await.unwrap_or(Err(ChangeError::Stopped))
    }
}
