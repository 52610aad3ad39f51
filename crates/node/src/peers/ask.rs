//! Asking one peer, and switching to its chain as soon as that is complete, valid and longer than ours.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use ledger_core::{NodeAddress, fork};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::fetch::fetch;
use super::{FetchError, Limits};
use crate::ledger::{Candidate, Ledger, Refused};

/// Peers that are asked side by side, and as many more that turn out to be slow.
const SIDE_BY_SIDE: usize = 16;

/// How often a peer is asked in one round whose chain builds on blocks of ours that were replaced meanwhile.
const TRIES: u32 = 3;

/// What became of asking a peer: whether its chain replaced ours.
pub(super) type Answer = (NodeAddress, Result<bool, FetchError>);

/// A peer that was asked for a while.
pub(super) enum Asked {
    /// It has answered or failed.
    Done(Answer),
    /// It is slow, or its chain is long; the rest of asking it.
    Slow(LocalBoxFuture<'static, Answer>),
}

/// What asking a peer needs.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    ledger: Ledger,
    limits: Limits,
    /// Room for peers that answer promptly.
    prompt: Arc<Semaphore>,
    /// Room for those that do not. They must not keep others from being asked.
    slow: Arc<Semaphore>,
}

impl Asking {
    pub(super) fn new(ledger: Ledger, limits: Limits) -> Self {
        let room = || Arc::new(Semaphore::new(SIDE_BY_SIDE));
        Self { ledger, limits, prompt: room(), slow: room() }
    }

    /// The peers there are.
    pub(super) fn peers(&self) -> impl Iterator<Item = NodeAddress> {
        self.ledger.peers().into_iter()
    }

    /// Asks a peer when there is room; answers at the latest when it has been slow for a while and there is room for that.
    pub(super) async fn ask(self, peer: NodeAddress) -> Asked {
        let Self { ledger, limits, prompt, slow } = self;
        let room = prompt.acquire_owned().await;
        let mut answer = async move {
            let answer = switch(&ledger, &peer, limits).await;
            (peer, answer)
        }
        .boxed_local();
        if let Ok(answer) = timeout(limits.silence, &mut answer).await {
            return Asked::Done(answer);
        }
        tokio::select! {
            answer = &mut answer => Asked::Done(answer),
            more = slow.acquire_owned() => {
                drop(room);
                Asked::Slow(answer.inspect(|_| drop(more)).boxed_local())
            }
        }
    }
}

/// Fetches a peer's chain and switches to it if it is longer than ours. Answers whether our chain was replaced.
async fn switch(ledger: &Ledger, peer: &NodeAddress, limits: Limits) -> Result<bool, FetchError> {
    let started = Instant::now();
    for _ in 0..TRIES {
        let Some(candidate) = fetch(ledger.clone(), peer.clone(), limits, started).await? else {
            return Ok(false);
        };
        let tip = candidate.tip;
        if adopt(candidate).await? {
            return Ok(true);
        }
        if !fork::replaces(tip.index, ledger.tip().index) {
            return Ok(false);
        }
        // Longer than ours, but it builds on blocks that another peer's chain has replaced since.
    }
    Ok(false)
}

/// Switches to a chain that is complete; whether it was still longer than ours.
async fn adopt(Candidate { stage, fork, tip }: Candidate) -> Result<bool, Refused> {
    // The switch is finished also if nobody waits for it any more.
    let adoption = tokio::task::spawn_blocking(move || stage.adopt(fork, tip));
    let Some(adoption) = adoption.await.map_err(|_| Refused::Failed)?? else { return Ok(false) };
    tracing::info!("reorg: {} blocks out, {} in, height {}", adoption.replaced, adoption.adopted, tip.index);
    Ok(true)
}
