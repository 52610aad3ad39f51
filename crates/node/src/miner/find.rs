//! Finds the proof for the block after the tip. Gives up when the tip moves.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ledger_core::seam::AnyDraft;
use ledger_core::{Address, Search, Tip};
use tokio_util::sync::CancellationToken;

use super::progress::Attempt;
use super::search::{ParallelSearch, Searching};
use super::status::MinerStatus;
use super::{Asker, MineError};
use crate::events::{Heard, Listener};
use crate::ledger::Ledger;
use crate::system::clock;
use crate::system::threads::blocking;

/// A proof that completes a draft.
#[derive(Clone, Debug)]
pub(super) struct FoundProof {
    /// The draft.
    pub(super) draft: AnyDraft,
    pub(super) proof: u64,
    /// Number of proofs tried, and the time taken.
    pub(super) spent: (u64, Duration),
}

/// Finds proofs, and shows its progress.
#[derive(Debug)]
pub(super) struct Finder {
    pub(super) ledger: Ledger,
    /// Whom the block pays.
    pub(super) address: Address,
    pub(super) searching: Searching,
    pub(super) status: Arc<MinerStatus>,
    pub(super) stop: CancellationToken,
}

impl Finder {
    /// Returns the proof for the block after the tip: `known` if it fits, else a new one. `None` if the tip moved or
    /// the node stops.
    pub(super) async fn find(
        &self,
        known: Option<FoundProof>,
        asker: Asker,
    ) -> Result<Option<FoundProof>, MineError> {
        // Listen before reading the tip, so that no move is missed.
        let moves = self.ledger.listen_to_chain();
        if known.as_ref().is_some_and(|known| known.draft.parent() == self.ledger.tip()) {
            return Ok(known);
        }
        let draft = self.ledger.draft(&self.address, clock::now());
        let (height, work) = (draft.parent().height.next(), Arc::clone(draft.work()));
        let attempt = Arc::new(Attempt::new(height, work, asker).counting_in(self.status.tries()));
        match self.search(&draft, moves, &attempt).await? {
            Search::Found(proof) => Ok(Some(FoundProof { draft, proof, spent: attempt.spent() })),
            Search::Exhausted => Err(MineError::NoProof),
            Search::Stopped(_) => Ok(None),
        }
    }

    async fn search(
        &self,
        draft: &AnyDraft,
        moves: Listener,
        attempt: &Arc<Attempt>,
    ) -> Result<Search, MineError> {
        let asked = self.stop.child_token();
        let search = asked.child_token();
        let mut searching =
            pin!(blocking("the search for a proof", self.job(draft, attempt, &asked, &search)));
        // A client that hangs up drops this future, and the guard cancels the search.
        let _asked = asked.drop_guard();
        let found = tokio::select! {
            found = &mut searching => found,
            () = self.until_moved(draft.parent(), moves) => {
                search.cancel();
                searching.await
            }
        };
        Ok(found?)
    }

    /// The search. It ends soon after `search` is cancelled. Logs that the block is no longer
    /// wanted if `asked` was cancelled and the node goes on.
    fn job(
        &self,
        draft: &AnyDraft,
        attempt: &Arc<Attempt>,
        asked: &CancellationToken,
        search: &CancellationToken,
    ) -> impl FnOnce() -> Search + Send + use<> {
        let (work, searching, attempt) = (Arc::clone(draft.work()), self.searching, Arc::clone(attempt));
        let shown = self.status.show(Arc::clone(&attempt));
        let (node, asked, search) = (self.stop.clone(), asked.clone(), search.clone());
        move || {
            let _shown = shown;
            let stop = || search.is_cancelled();
            let found = ParallelSearch { work, searching, attempt: &attempt, stop }.run();
            if asked.is_cancelled() && !node.is_cancelled() {
                attempt.log_abandoned();
            }
            found
        }
    }

    /// Waits until another block is the tip.
    async fn until_moved(&self, after: Tip, mut moves: Listener) {
        while self.ledger.tip() == after {
            if moves.next().await == Heard::Ended {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::Engine;
    use tokio::task::spawn_blocking;

    use super::*;
    use crate::ledger::testing::{append_unproved, ledger_at};
    use crate::telemetry::testing::Log;

    /// A finder that never finds: no hash has this many zeros.
    fn hopeless(directory: &tempfile::TempDir) -> Finder {
        let searching = Searching { threads: 2, engine: Engine::best() };
        let (ledger, address) = (ledger_at(directory, 64), "miner".into());
        Finder { ledger, address, searching, status: Arc::default(), stop: CancellationToken::new() }
    }

    #[tokio::test]
    async fn search_starts_over_when_the_tip_moves() {
        let directory = tempfile::tempdir().unwrap();
        let finder = hopeless(&directory);
        let ledger = finder.ledger.clone();
        let (found, _) =
            tokio::join!(finder.find(None, Asker::Node), spawn_blocking(move || append_unproved(&ledger)));
        assert!(found.unwrap().is_none());
    }

    #[tokio::test]
    async fn search_goes_on_while_the_tip_stays() {
        let directory = tempfile::tempdir().unwrap();
        let finder = hopeless(&directory);
        let tries = finder.status.tries();
        let long = async {
            while tries.load(std::sync::atomic::Ordering::Relaxed) < 2_000_000 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            _ = finder.find(None, Asker::Node) => panic!("it gave up"),
            () = long => {}
        }
    }

    #[test]
    fn search_that_a_client_gave_up_is_logged() {
        let directory = tempfile::tempdir().unwrap();
        let (log, _logging) = Log::begin();
        for (client_left, node_stops) in [(true, false), (false, false), (true, true)] {
            let finder = hopeless(&directory);
            let draft = finder.ledger.draft(&finder.address, clock::now());
            let (height, work) = (draft.parent().height.next(), Arc::clone(draft.work()));
            let attempt = Arc::new(Attempt::new(height, work, Asker::Client(None)));
            let [asked, search] = [(); 2].map(|()| CancellationToken::new());
            let job = finder.job(&draft, &attempt, &asked, &search);
            search.cancel();
            [(client_left, &asked), (node_stops, &finder.stop)]
                .into_iter()
                .filter_map(|(is_over, token)| is_over.then_some(token))
                .for_each(CancellationToken::cancel);
            assert!(matches!(job(), Search::Stopped(_)));
            assert_eq!(log.take().contains("gave up block 2: "), client_left && !node_stops);
        }
    }

    #[tokio::test]
    async fn search_ends_when_the_node_stops() {
        let directory = tempfile::tempdir().unwrap();
        let finder = hopeless(&directory);
        let (found, ()) = tokio::join!(finder.find(None, Asker::Node), async { finder.stop.cancel() });
        assert!(found.unwrap().is_none());
    }

    #[tokio::test]
    async fn search_ends_when_nobody_waits_for_it() {
        let directory = tempfile::tempdir().unwrap();
        let finder = hopeless(&directory);
        tokio::select! {
            biased;
            _ = finder.find(None, Asker::Node) => panic!("a hopeless search found something"),
            () = tokio::task::yield_now() => {}
        }
        while finder.status.progress().is_some() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn proof_is_not_searched_for_twice() {
        let directory = tempfile::tempdir().unwrap();
        let finder = hopeless(&directory);
        let draft = finder.ledger.draft(&finder.address, clock::now());
        let known = FoundProof { draft, proof: 7, spent: (8, Duration::ZERO) };
        let found = finder.find(Some(known), Asker::Node).await.unwrap().unwrap();
        assert_eq!((found.proof, found.spent.0), (7, 8));
    }
}
