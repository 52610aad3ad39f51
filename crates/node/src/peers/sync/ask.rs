//! Asking one peer, and switching to its chain as soon as that is complete and wins over ours.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use ledger_core::NodeAddress;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::fetch::fetch;
use super::outcome::{Answer, Fetched, Outcome};
use crate::ledger::{Adoption, Candidate, ChangeError, Ledger};
use crate::peers::client::{Client, Limits};
use crate::system::threads::blocking;

/// Peers that are asked side by side, and as many more that turn out to be slow.
const SIDE_BY_SIDE: usize = 16;

/// How often a peer is asked in one round whose chain builds on blocks of ours that were replaced meanwhile.
const TRIES: u32 = 3;

/// A peer that was asked for a while.
pub(super) enum Asked {
    /// It has answered or failed.
    Done((NodeAddress, Answer)),
    /// It is slow, or its chain is long; the rest of asking it.
    Slow(LocalBoxFuture<'static, (NodeAddress, Answer)>),
}

/// What asking a peer needs.
#[derive(Clone)]
pub(super) struct Asking {
    ledger: Ledger,
    client: Client,
    /// Room for peers that answer promptly.
    prompt: Arc<Semaphore>,
    /// Room for those that do not. They must not keep others from being asked.
    slow: Arc<Semaphore>,
}

impl Asking {
    pub(super) fn new(ledger: Ledger, limits: Limits) -> Self {
        let room = || Arc::new(Semaphore::new(SIDE_BY_SIDE));
        Self { ledger, client: Client::new(limits), prompt: room(), slow: room() }
    }

    /// The peers there are.
    pub(super) fn peers(&self) -> impl Iterator<Item = NodeAddress> {
        self.ledger.peers().into_iter()
    }

    /// Asks a peer when there is room; answers at the latest when it has been slow for a while and there is room for that.
    pub(super) async fn ask(self, peer: NodeAddress) -> Asked {
        let Self { ledger, client, prompt, slow } = self;
        let silence = client.limits.silence;
        let room = prompt.acquire_owned().await;
        let mut answer = async move {
            let answer = switch(&ledger, &client, &peer).await;
            (peer, answer)
        }
        .boxed_local();
        if let Ok(answer) = timeout(silence, &mut answer).await {
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

/// Fetches a peer's chain and switches to it if it wins over ours.
async fn switch(ledger: &Ledger, client: &Client, peer: &NodeAddress) -> Answer {
    let started = Instant::now();
    for _ in 0..TRIES {
        let Fetched { tip, candidate } = fetch(ledger, client, peer, started).await?;
        if let Some(candidate) = candidate {
            let theirs = candidate.tip;
            if let Some(adoption) = adopt(candidate).await? {
                return Ok(Outcome::Adopted { blocks: theirs.height, adoption });
            }
        }
        let (rules, ours) = (ledger.rules(), ledger.tip());
        match tip {
            None => return Ok(Outcome::Shorter { ours: ours.height }),
            Some(theirs) if !rules.wins(&theirs, &ours) => {
                return Ok(Outcome::Loses { theirs: rules.quantity(&theirs), ours: rules.quantity(&ours) });
            }
            // It wins over ours, but builds on blocks that another peer's chain has replaced since.
            Some(_) => {}
        }
    }
    Ok(Outcome::Overtaken)
}

/// Switches to a chain that is complete; none if it does not win over ours any more.
async fn adopt(candidate: Candidate) -> Result<Option<Adoption>, ChangeError> {
    let Candidate { stage, fork, tip, state } = candidate;
    // The switch is finished also if nobody waits for it any more.
    blocking("adopting a chain", move || stage.adopt(fork, tip, state)).await?
}
