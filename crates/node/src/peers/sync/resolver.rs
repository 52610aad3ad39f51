//! Consensus: the longest valid chain among the neighbours' and ours (tutorial, section 8.2).

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::ask::Asking;
use super::resolved::{Request, Resolved};
use super::rounds::{Task, resolve_every};
use crate::ledger::{ChangeError, Ledger};
use crate::peers::client::Limits;
use crate::settings::Settings;

/// Requests that may wait to be noted by the task.
const QUEUE: usize = 64;

/// Handle to the task that compares our chain with the peers'. The task goes on when those who asked hang up.
#[derive(Debug)]
pub struct Resolver {
    requests: mpsc::Sender<Request>,
}

impl Resolver {
    /// Starts the task. It ends when `stop` is cancelled. Must be called in an async runtime.
    pub fn start(ledger: Ledger, settings: &Settings, stop: CancellationToken) -> Self {
        let (requests, queue) = mpsc::channel(QUEUE);
        let task = Task::new(Asking::new(ledger, Limits::from(settings)));
        actix_web::rt::spawn(async move { stop.run_until_cancelled(task.run(queue)).await });
        if let Some(interval) = settings.resolve_every {
            actix_web::rt::spawn(resolve_every(interval, requests.clone()));
        }
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
        self.requests.send(Request { reply, is_automatic: false }).await.map_err(|_| ChangeError::Stopped)?;
        result.await.unwrap_or(Err(ChangeError::Stopped))
    }
}
