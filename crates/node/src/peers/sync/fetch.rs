//! Fetches a peer's chain, within limits of time and size.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use bytes::Bytes;
use ledger_core::{Height, NodeAddress};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::timeout;

use super::error::FetchError;
use super::feeding::Feeding;
use super::outcome::Fetched;
use crate::ledger::{Intake, IntakeError, Ledger};
use crate::peers::client::{Client, Pace, download};
use crate::system::threads::blocking;

/// Chunks of a download that wait for their check.
const QUEUE: usize = 8;

/// Fetches and checks a peer's chain. The first error ends the download.
///
/// The deadline counts from `started`. First asks only for blocks from our tip on. If the chains part before it, asks again
/// from 16 blocks further back, then 256 and so on, down to the genesis. A Python node ignores the parameter and sends its
/// whole chain.
///
/// # Errors
///
/// [`FetchError`]; then nothing stays staged.
pub(super) async fn fetch(
    ledger: &Ledger,
    client: &Client,
    peer: &NodeAddress,
    started: Instant,
) -> Result<Fetched, FetchError> {
    let ours = ledger.tip().height.get();
    let mut back = 0;
    loop {
        let from = Height::new(ours.saturating_sub(back)).unwrap_or(Height::GENESIS);
        let left = client.limits.deadline.saturating_sub(started.elapsed());
        match fetch_from(ledger, client, peer, from, left).await {
            Err(FetchError::Intake(IntakeError::Parted(_))) => back = (back * 16).max(16),
            fetched => return fetched,
        }
    }
}

async fn fetch_from(
    ledger: &Ledger,
    client: &Client,
    peer: &NodeAddress,
    from: Height,
    time: Duration,
) -> Result<Fetched, FetchError> {
    let limits = client.limits;
    let late = |_| FetchError::Deadline(limits.deadline);
    let asked = Instant::now();
    let mut answer = timeout(time, client.ask(peer, from.get())).await.map_err(late)??;
    let left = time.saturating_sub(asked.elapsed());

    let (loads, queue) = mpsc::channel(QUEUE);
    let outside = Arc::<AtomicI64>::default();
    let pace = Pace::new(limits.silence, Arc::clone(&outside));
    let feeding = Feeding::new(answer.coding, Intake::new(ledger, from), limits.bytes, outside);
    let checking = blocking("checking a chain", move || run(feeding, queue));
    let downloaded = timeout(left, download(&mut answer.body, limits, pace, loads)).await;
    // After a failed download the check only finds a truncated chain. Report the download's error first.
    let checked = checking.await?;
    downloaded.map_err(late)??;
    checked
}

fn run(mut feeding: Feeding, mut queue: Receiver<Vec<Bytes>>) -> Result<Fetched, FetchError> {
    while let Some(load) = queue.blocking_recv() {
        feeding.feed(&load)?;
    }
    feeding.finish()
}
