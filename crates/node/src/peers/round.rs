//! One round of asking all peers.

use std::collections::BTreeSet;

use ledger_core::NodeAddress;
use tokio::sync::oneshot;

use super::FetchError;
use super::skipped::Skipped;
use crate::ledger::{IntakeError, Refused};

/// Where the result of a round goes: whether our chain was replaced.
pub(super) type Reply = oneshot::Sender<Result<bool, Refused>>;

/// A round that goes on until each of its peers has answered or failed.
#[derive(Debug, Default)]
pub(super) struct Round {
    replies: Vec<Reply>,
    waits_for: BTreeSet<NodeAddress>,
    replaced: bool,
    /// The first failure of our own.
    failure: Option<Refused>,
    skipped: Skipped,
}

impl Round {
    /// A round for those who asked.
    pub(super) fn new(replies: Vec<Reply>, waits_for: BTreeSet<NodeAddress>) -> Self {
        Self { replies, waits_for, ..Self::default() }
    }

    /// Whether every peer has answered or failed.
    pub(super) fn is_over(&self) -> bool {
        self.waits_for.is_empty()
    }

    /// Whether the round waits for this peer.
    pub(super) fn waits_for(&self, peer: &NodeAddress) -> bool {
        self.waits_for.contains(peer)
    }

    /// Notes what became of asking a peer.
    pub(super) fn note(&mut self, peer: &NodeAddress, answer: &Result<bool, FetchError>) {
        self.waits_for.remove(peer);
        match answer {
            Ok(replaced) => self.replaced |= replaced,
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

    /// Answers those who asked; some of them may have hung up.
    pub(super) fn end(self) {
        self.skipped.sum_up();
        let result = match self.failure {
            Some(refused) if !self.replaced => Err(refused),
            _ => Ok(self.replaced),
        };
        for reply in self.replies {
            let _ = reply.send(result.clone());
        }
    }
}
