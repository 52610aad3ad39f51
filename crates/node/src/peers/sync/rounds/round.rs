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

    /// Records a peer's answer. A peer of another round counts, too, if its chain replaced ours or our store failed.
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

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::ledger::Adoption;

    type Result = std::result::Result<Arc<Resolved>, ChangeError>;

    /// A round that asks two peers, for a client and the node itself.
    fn round() -> (Round, [NodeAddress; 2], [oneshot::Receiver<Result>; 2]) {
        let peers = ["localhost:5002", "localhost:5001"].map(|peer| peer.parse::<NodeAddress>().unwrap());
        let (requests, results): (Vec<_>, Vec<_>) = [false, true]
            .map(|is_automatic| {
                let (reply, result) = oneshot::channel();
                (Request { reply, is_automatic }, result)
            })
            .into_iter()
            .unzip();
        let Ok(results) = results.try_into() else { panic!("not two") };
        (Round::new(requests, peers.iter().cloned().collect()), peers, results)
    }

    fn adopted() -> Answer {
        let blocks = ledger_core::Height::GENESIS.next();
        Ok(Outcome::Adopted { blocks, adoption: Adoption { replaced: 1, adopted: 2 } })
    }

    fn refused() -> Answer {
        Err(FetchError::Intake(IntakeError::Refused(ChangeError::Stopped)))
    }

    #[test]
    fn round_ends_when_all_peers_have_answered() {
        let (mut round, [one, two], results) = round();
        assert!(!round.is_automatic() && round.waits_for(&one));
        round.note(&one, &Ok(Outcome::Overtaken));
        assert!(!round.is_over() && !round.waits_for(&one));
        round.note(&one, &adopted());
        round.note(&two, &Ok(Outcome::Overtaken));
        assert!(round.is_over());
        round.end();
        for result in results {
            let resolved = result.blocking_recv().unwrap().unwrap();
            assert!(resolved.replaced, "by a peer of another round");
            let told: Vec<_> = resolved.neighbours.iter().map(|peer| peer.address.as_str()).collect();
            assert_eq!(told, ["localhost:5001", "localhost:5002"]);
        }
    }

    #[test]
    fn failure_of_our_store_is_reported_unless_the_chain_was_replaced() {
        for (first, is_told) in [(Ok(Outcome::Overtaken), true), (adopted(), false)] {
            let (mut round, [one, two], [result, _]) = round();
            round.note(&one, &first);
            round.note(&two, &refused());
            round.end();
            assert_eq!(result.blocking_recv().unwrap().is_err(), is_told);
        }
        let (mut round, [one, _], [result, _]) = round();
        round.note(&one, &Err(FetchError::TooLong(5)));
        round.end();
        assert!(!result.blocking_recv().unwrap().unwrap().replaced);
    }

    #[test]
    fn round_of_the_node_itself_is_automatic() {
        let (reply, _) = oneshot::channel();
        assert!(Round::new(vec![Request { reply, is_automatic: true }], BTreeSet::new()).is_automatic());
    }
}
