//! Consensus: the longest valid chain among the neighbours' and ours (tutorial, section 8.2).

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::ask::Asking;
use super::resolved::{Reply, Resolved};
use super::task::Task;
use crate::ledger::{ChangeError, Ledger};
use crate::peers::client::Limits;

/// Requests that may wait to be noted by the task.
const QUEUE: usize = 64;

/// Handle to the task that compares our chain with the peers'. The task goes on when those who asked hang up.
#[derive(Debug)]
pub struct Resolver {
    requests: mpsc::Sender<Reply>,
}

impl Resolver {
    /// Starts the task, which takes so much of a peer's time and bytes, and ends what it asks when `stop` is cancelled. Must
    /// be called in an async runtime.
    pub fn start(ledger: Ledger, limits: Limits, stop: CancellationToken) -> Self {
        let (requests, queue) = mpsc::channel(QUEUE);
        let task = Task::new(Asking::new(ledger, limits));
        actix_web::rt::spawn(async move { stop.run_until_cancelled(task.run(queue)).await });
        Self { requests }
    }

    /// Asks all peers for their chains, and switches to each that is valid and longer than ours as soon as it is there.
    /// Returns what became of each when all have answered or failed. A failing peer is skipped and logged.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if our own store fails and our chain is as it was, or the node stops.
    pub async fn resolve(&self) -> Result<Arc<Resolved>, ChangeError> {
        let (reply, result) = oneshot::channel();
        self.requests.send(reply).await.map_err(|_| ChangeError::Stopped)?;
        result.await.unwrap_or(Err(ChangeError::Stopped))
    }
}
