//! Consensus: the longest valid chain among the neighbours' and ours (tutorial, section 8.2).

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use ledger_core::NodeAddress;
use tokio::sync::{mpsc, oneshot, watch};

use super::ask::{Asked, Asking};
use super::outcome::{Answer, Neighbour};
use super::round::{Reply, Round};
use crate::ledger::{Ledger, Refused};
use crate::peers::client::Limits;

/// Requests that may wait to be noted by the task.
const QUEUE: usize = 64;

/// What a resolve came to.
#[derive(Debug)]
pub struct Resolved {
    /// Whether our chain was replaced.
    pub replaced: bool,
    /// What became of each peer that was asked, sorted by address.
    pub neighbours: Vec<Neighbour>,
}

/// Handle to the task that compares our chain with the peers'. The task goes on when those who asked hang up.
#[derive(Debug)]
pub struct Resolver {
    requests: mpsc::Sender<Reply>,
    stopping: watch::Sender<bool>,
}

impl Resolver {
    /// Starts the task, which takes so much of a peer's time and bytes. Must be called in an async runtime.
    pub fn start(ledger: Ledger, limits: Limits) -> Self {
        let (requests, queue) = mpsc::channel(QUEUE);
        let (stopping, mut stopped) = watch::channel(false);
        let task = Task::new(Asking::new(ledger, limits));
        actix_web::rt::spawn(async move {
            tokio::select! {
                () = task.run(queue) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
        });
        Self { requests, stopping }
    }

    /// Asks all peers for their chains, and switches to each that is valid and longer than ours as soon as it is there.
    /// Returns what became of each when all have answered or failed. A failing peer is skipped and logged.
    ///
    /// # Errors
    ///
    /// [`Refused`] if our own store fails and our chain is as it was, or the node stops.
    pub async fn resolve(&self) -> Result<Arc<Resolved>, Refused> {
        let (reply, result) = oneshot::channel();
        self.requests.send(reply).await.map_err(|_| Refused::Stopped)?;
        result.await.unwrap_or(Err(Refused::Stopped))
    }

    /// Ends what is being asked and asks nothing new.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }
}

/// The rounds that go on, and the peers that are being asked.
///
/// A request begins a round, in which each peer is asked that is not being asked already. While one goes on, further
/// requests share the next. That does not wait for slow peers: it begins when they alone are left, and takes them over.
struct Task {
    asking: Asking,
    prompt: FuturesUnordered<LocalBoxFuture<'static, Asked>>,
    slow: FuturesUnordered<LocalBoxFuture<'static, (NodeAddress, Answer)>>,
    /// The oldest first.
    rounds: Vec<Round>,
    next: Vec<Reply>,
}

impl Task {
    fn new(asking: Asking) -> Self {
        let (prompt, slow) = (FuturesUnordered::new(), FuturesUnordered::new());
        Self { asking, prompt, slow, rounds: Vec::new(), next: Vec::new() }
    }

    async fn run(mut self, mut requests: mpsc::Receiver<Reply>) {
        loop {
            tokio::select! {
                request = requests.recv() => match request {
                    Some(reply) => self.next.push(reply),
                    None => return,
                },
                Some(asked) = self.prompt.next() => match asked {
                    Asked::Done((peer, answer)) => self.note(&peer, &answer),
                    Asked::Slow(rest) => self.slow.push(rest),
                },
                Some((peer, answer)) = self.slow.next() => self.note(&peer, &answer),
            }
            if self.prompt.is_empty() && !self.next.is_empty() {
                self.begin();
            }
            self.end_rounds();
        }
    }

    fn begin(&mut self) {
        let peers: BTreeSet<_> = self.asking.peers().collect();
        let is_asked = |peer: &_| self.rounds.iter().any(|round| round.waits_for(peer));
        for peer in peers.iter().filter(|peer| !is_asked(peer)) {
            self.prompt.push(Box::pin(self.asking.clone().ask(peer.clone())));
        }
        self.rounds.push(Round::new(std::mem::take(&mut self.next), peers));
    }

    fn note(&mut self, peer: &NodeAddress, answer: &Answer) {
        // The oldest round that waits for a peer is the one that asked it.
        let asked_by = self.rounds.iter_mut().find(|round| round.waits_for(peer));
        if let (Some(round), Err(error)) = (asked_by, answer) {
            round.skip(peer, error);
        }
        self.rounds.iter_mut().for_each(|round| round.note(peer, answer));
    }

    fn end_rounds(&mut self) {
        self.rounds.extract_if(.., |round| round.is_over()).for_each(Round::end);
    }
}
