//! Consensus: the longest valid chain among the neighbours' and ours (tutorial, section 8.2).

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use ledger_core::NodeAddress;
use tokio::sync::{Mutex, watch};

use super::fetch::{FetchError, Limits, fetch};
use super::skipped::Skipped;
use crate::ledger::{Candidate, Ledger, Refused};

/// How many neighbours are asked side by side.
const SIDE_BY_SIDE: usize = 16;

/// Compares our chain with the neighbours', one comparison at a time.
#[derive(Debug)]
pub struct Resolver {
    ledger: Ledger,
    limits: Limits,
    turn: Arc<Mutex<()>>,
    stopping: watch::Sender<bool>,
}

impl Resolver {
    /// A resolver that takes so much of a neighbour's time and bytes.
    pub fn new(ledger: Ledger, limits: Limits) -> Self {
        Self { ledger, limits, turn: Arc::default(), stopping: watch::Sender::default() }
    }

    /// Asks all neighbours for their chains and takes the longest valid one if it is longer than ours. Answers whether
    /// our chain was replaced. A neighbour that fails is passed over, and the log says why.
    ///
    /// # Errors
    ///
    /// [`Refused`] if our own store fails; our chain is as it was.
    pub async fn resolve(&self) -> Result<bool, Refused> {
        let mut stopping = self.stopping.subscribe();
        tokio::select! {
            answer = self.ask_all() => answer,
            _ = stopping.wait_for(|stopping| *stopping) => Err(Refused::Stopped),
        }
    }

    /// Ends what is being asked and asks nothing new.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    async fn ask_all(&self) -> Result<bool, Refused> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let mut answers =
            stream::iter(self.ledger.peers()).map(|peer| self.ask(peer)).buffer_unordered(SIDE_BY_SIDE);
        let (mut best, mut skipped) = (None::<Candidate>, Skipped::default());
        while let Some((peer, answer)) = answers.next().await {
            match answer {
                Ok(Some(candidate))
                    if best.as_ref().is_none_or(|best| candidate.tip.index > best.tip.index) =>
                {
                    best = Some(candidate);
                }
                Ok(_) => {}
                Err(error) => skipped.add(&peer, &error),
            }
        }
        skipped.sum_up();
        let Some(Candidate { stage, fork, tip }) = best else { return Ok(false) };
        let adopt = tokio::task::spawn_blocking(move || {
            // Also if nobody waits for the answer any more, nobody else begins before this is done.
            let _turn = turn;
            stage.adopt(fork, tip)
        });
        let Some(adoption) = adopt.await.map_err(|_| Refused::Failed)?? else { return Ok(false) };
        tracing::info!(
            "chain replaced: {} of our blocks gave way to {}, {} blocks now",
            adoption.replaced,
            adoption.adopted,
            tip.index
        );
        Ok(true)
    }

    async fn ask(&self, peer: NodeAddress) -> (NodeAddress, Result<Option<Candidate>, FetchError>) {
        let answer = fetch(self.ledger.clone(), peer.clone(), self.limits).await;
        (peer, answer)
    }
}
