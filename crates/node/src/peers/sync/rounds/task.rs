//! The task that asks peers, round after round.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use ledger_core::NodeAddress;
use tokio::sync::mpsc;

use super::failing::Failing;
use super::round::Round;
use crate::metrics::NeighbourMetrics;
use crate::peers::sync::ask::{PeerQuery, QueryState};
use crate::peers::sync::outcome::{Answer, outcome_name};
use crate::peers::sync::resolved::Request;

/// The rounds in progress, and the peers that are being asked.
///
/// A request begins a round, which asks every peer that is not being asked already. Requests that arrive during a round
/// share the next one. It begins as soon as only slow peers are left, and waits for them, too.
pub(in crate::peers::sync) struct Task {
    query: PeerQuery,
    prompt: FuturesUnordered<LocalBoxFuture<'static, QueryState>>,
    slow: FuturesUnordered<LocalBoxFuture<'static, (NodeAddress, Answer)>>,
    /// Oldest first.
    rounds: Vec<Round>,
    /// Requests for the next round.
    next: Vec<Request>,
    failing: Failing,
    metrics: NeighbourMetrics,
}

impl Task {
    pub(in crate::peers::sync) fn new(query: PeerQuery, metrics: NeighbourMetrics) -> Self {
        let (prompt, slow) = (FuturesUnordered::new(), FuturesUnordered::new());
        let (rounds, next, failing) = Default::default();
        Self { query, prompt, slow, rounds, next, failing, metrics }
    }

    /// Runs until the resolver is dropped.
    pub(in crate::peers::sync) async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        loop {
            tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => self.next.push(request),
                    None => return,
                },
                Some(state) = self.prompt.next() => match state {
                    QueryState::Done((peer, answer)) => self.note(&peer, &answer),
                    QueryState::Slow(rest) => self.slow.push(rest),
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
        let peers: BTreeSet<_> = self.query.peers().collect();
        let is_asked = |peer: &_| self.rounds.iter().any(|round| round.waits_for(peer));
        for peer in peers.iter().filter(|peer| !is_asked(peer)) {
            self.prompt.push(Box::pin(self.query.clone().ask(peer.clone())));
        }
        self.rounds.push(Round::new(std::mem::take(&mut self.next), peers));
    }

    fn note(&mut self, peer: &NodeAddress, answer: &Answer) {
        self.metrics.answered(outcome_name(answer));
        let is_news = self.failing.note(peer, answer);
        // The oldest round that waits for the peer has asked it.
        let asker = self.rounds.iter_mut().find(|round| round.waits_for(peer));
        if let (Some(round), Err(error)) = (asker, answer)
            && (is_news || !round.is_automatic())
        {
            round.skip(peer, error);
        }
        self.rounds.iter_mut().for_each(|round| round.note(peer, answer));
    }

    fn end_rounds(&mut self) {
        self.rounds.extract_if(.., |round| round.is_over()).for_each(Round::end);
    }
}
