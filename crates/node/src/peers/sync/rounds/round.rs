//! One round of asking all peers.

use std::collections::BTreeSet;
use std::sync::Arc;

use ledger_core::NodeAddress;

use super::skipped::Skipped;
use crate::ledger::{ChangeError, IntakeError};
use crate::peers::sync::error::FetchError;
use crate::peers::sync::outcome::{Answer, Neighbour, Outcome};
use crate::peers::sync::resolved::{Request, Resolved};

/// A round ends when each of its peers has answered or failed.
#[derive(Debug, Default)]
pub(super) struct Round {
    requests: Vec<Request>,
    waits_for: BTreeSet<NodeAddress>,
    replaced: bool,
    neighbours: Vec<Neighbour>,
    /// The first failure of our own store.
    failure: Option<ChangeError>,
    skipped: Skipped,
}

impl Round {
    /// A round for these callers and peers.
    pub(super) fn new(requests: Vec<Request>, waits_for: BTreeSet<NodeAddress>) -> Self {
        Self { requests, waits_for, ..Self::default() }
    }

    /// Whether no client requested it.
    pub(super) fn is_automatic(&self) -> bool {
        self.requests.iter().all(|request| request.is_automatic)
    }

    /// Whether every peer has answered or failed.
    pub(super) fn is_over(&self) -> bool {
        self.waits_for.is_empty()
    }

    /// Whether the round waits for this peer.
    pub(super) fn waits_for(&self, peer: &NodeAddress) -> bool {
        self.waits_for.contains(peer)
    }

    /// Records a peer's answer. A peer of another round counts, too, if its chain replaced ours.
    pub(super) fn note(&mut self, peer: &NodeAddress, answer: &Answer) {
        if self.waits_for.remove(peer) {
            self.neighbours.push(Neighbour::new(peer, answer));
        }
        match answer {
            Ok(Outcome::Adopted { .. }) => self.replaced = true,
            Ok(_) => {}
            Err(FetchError::Intake(IntakeError::Refused(refused))) => {
                self.failure.get_or_insert_with(|| refused.clone());
            }
            Err(_) => {}
        }
    }

    /// Logs that a peer is skipped.
    pub(super) fn skip(&mut self, peer: &NodeAddress, error: &FetchError) {
        self.skipped.add(peer, error);
    }

    /// Sends the result to all callers. Some may have hung up.
    pub(super) fn end(self) {
        let Self { requests, replaced, mut neighbours, failure, skipped, .. } = self;
        skipped.sum_up();
        neighbours.sort_by(|one, other| one.address.cmp(&other.address));
        let result = match failure {
            Some(refused) if !replaced => Err(refused),
            _ => Ok(Arc::new(Resolved { replaced, neighbours })),
        };
        for Request { reply, .. } in requests {
            let _ = reply.send(result.clone());
        }
    }
}
