//! Asks one peer for its chain and switches to it as soon as it is complete and wins over ours.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use ledger_core::NodeAddress;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::fetch::fetch;
use super::outcome::{Answer, Fetched, Outcome};
use crate::ledger::{ChangeError, Ledger};
use crate::peers::client::{Client, Limits};
use crate::system::threads::blocking;

/// Peers queried concurrently, and as many more that turn out to be slow.
const MAX_CONCURRENT_FETCHES: usize = 16;

/// Attempts per peer and round, if our chain changes while the peer's chain arrives.
const MAX_ATTEMPTS: u32 = 3;

/// The state of a request to a peer after a short wait.
pub(super) enum QueryState {
    /// The peer has answered or failed.
    Done((NodeAddress, Answer)),
    /// The peer is slow or its chain is long. Await this for its answer.
    Slow(LocalBoxFuture<'static, (NodeAddress, Answer)>),
}

/// Queries peers. Each query takes a clone.
#[derive(Clone)]
pub(super) struct PeerQuery {
    ledger: Ledger,
    client: Client,
    /// Permits for peers that answer promptly.
    prompt: Arc<Semaphore>,
    /// Permits for slow peers, so that they do not block the others.
    slow: Arc<Semaphore>,
}

impl PeerQuery {
    pub(super) fn new(ledger: Ledger, limits: Limits) -> Self {
        let permits = || Arc::new(Semaphore::new(MAX_CONCURRENT_FETCHES));
        Self { ledger, client: Client::new(limits), prompt: permits(), slow: permits() }
    }

    /// The known peers.
    pub(super) fn peers(&self) -> impl Iterator<Item = NodeAddress> {
        self.ledger.peers().into_iter()
    }

    /// Asks a peer as soon as a permit is free. Returns when the peer has answered, or has been slow for a while and a
    /// permit for slow peers is free.
    pub(super) async fn ask(self, peer: NodeAddress) -> QueryState {
        let Self { ledger, client, prompt, slow } = self;
        let silence = client.limits.silence;
        let prompt_permit = prompt.acquire_owned().await;
        let mut answer = async move {
            let answer = switch(&ledger, &client, &peer).await;
            (peer, answer)
        }
        .boxed_local();
        if let Ok(answer) = timeout(silence, &mut answer).await {
            return QueryState::Done(answer);
        }
        tokio::select! {
            answer = &mut answer => QueryState::Done(answer),
            slow_permit = slow.acquire_owned() => {
                drop(prompt_permit);
                QueryState::Slow(answer.inspect(|_| drop(slow_permit)).boxed_local())
            }
        }
    }
}

/// Fetches a peer's chain and switches to it if it wins over ours.
async fn switch(ledger: &Ledger, client: &Client, peer: &NodeAddress) -> Answer {
    let started = Instant::now();
    for _ in 0..MAX_ATTEMPTS {
        let Fetched { tip, candidate } = fetch(ledger, client, peer, started).await?;
        if let Some(candidate) = candidate {
            let theirs = candidate.tip;
            // Runs to its end even if the caller is dropped.
            let adopted =
                blocking("adopting a chain", move || candidate.adopt()).await.map_err(ChangeError::from)?;
            if let Some(adoption) = adopted? {
                return Ok(Outcome::Adopted { blocks: theirs.height, adoption });
            }
        }
        let (rules, ours) = (ledger.rules(), ledger.tip());
        match tip {
            None => return Ok(Outcome::Shorter { ours: ours.height }),
            Some(theirs) if !rules.wins(&theirs, &ours) => {
                return Ok(Outcome::Loses { theirs: rules.quantity(&theirs), ours: rules.quantity(&ours) });
            }
            // It would win, but another chain has replaced blocks that it builds on. Fetch again.
            Some(_) => {}
        }
    }
    Ok(Outcome::Overtaken)
}
