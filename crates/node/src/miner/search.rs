//! The search for the smallest proof on several threads.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use ledger_core::{Engine, Puzzle, Search};

use super::progress::Attempt;
use crate::settings::Settings;
use crate::system::threads::joined;

/// The proofs that are tried on the calling thread before others are started: easy puzzles need no more.
const ALONE: u64 = 40_000;

/// The proofs a thread takes at a time. Round numbers, since a fast search works through ten thousand at a time.
const SHARE: u64 = 200_000;

/// How proofs are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searching {
    /// On how many threads.
    pub threads: usize,
    /// With which instructions.
    pub engine: Engine,
}

impl From<&Settings> for Searching {
    fn from(settings: &Settings) -> Self {
        Self { threads: settings.threads.count(), engine: settings.engine }
    }
}

/// A search on several threads.
pub(super) struct Job<'a, Stop> {
    /// What is to be solved.
    pub(super) puzzle: Puzzle,
    /// On how many threads, and with which instructions.
    pub(super) searching: Searching,
    /// Where tries are counted.
    pub(super) attempt: &'a Attempt,
    /// Says when to stop.
    pub(super) stop: Stop,
}

impl<Stop: Fn() -> bool + Sync> Job<'_, Stop> {
    /// Finds the smallest proof, or stops soon after it is told to.
    pub(super) fn run(&self) -> Search {
        let alone = self.search(0..ALONE, &|_| false);
        if alone != Search::Exhausted {
            return alone;
        }
        let shares = Shares { next: AtomicU64::new(ALONE), best: AtomicU64::new(u64::MAX) };
        thread::scope(|scope| {
            let start = || thread::Builder::new().spawn_scoped(scope, || self.work(&shares));
            // Where the system has no room for more threads, those there are do the work.
            let others: Vec<_> = (1..self.searching.threads).map_while(|_| start().ok()).collect();
            self.work(&shares);
            others.into_iter().for_each(joined);
        });
        match shares.best.into_inner() {
            // A thread that stopped may have missed a smaller proof than another found.
            _ if (self.stop)() => Search::Stopped(ALONE),
            u64::MAX => Search::Exhausted,
            proof => Search::Found(proof),
        }
    }

    /// Takes shares in order until a solution below the next one is known: then no smaller one can be missed,
    /// since every share below was taken by a thread that finishes it up to the solution.
    fn work(&self, shares: &Shares) {
        while let Some(share) = shares.take() {
            match self.search(share, &|proof| shares.is_needless(proof)) {
                Search::Found(proof) => shares.found(proof),
                Search::Stopped(_) => return,
                Search::Exhausted => self.attempt.log(),
            }
        }
    }

    /// Searches a range on this thread, and counts.
    fn search(&self, proofs: Range<u64>, needless: &impl Fn(u64) -> bool) -> Search {
        let mut counted = proofs.start;
        let end = proofs.end;
        let found = self.puzzle.search_with(self.searching.engine, proofs, |proof| {
            self.attempt.count(proof - counted);
            counted = proof;
            if needless(proof) || (self.stop)() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let tried_up_to = match found {
            Search::Found(proof) => proof + 1,
            Search::Exhausted => end,
            Search::Stopped(proof) => proof,
        };
        self.attempt.count(tried_up_to - counted);
        found
    }
}

/// What the threads of a search share.
struct Shares {
    /// The first proof that no thread has taken.
    next: AtomicU64,
    /// The smallest solution so far.
    best: AtomicU64,
}

impl Shares {
    /// The next proofs to be tried; none if a smaller solution is known.
    fn take(&self) -> Option<Range<u64>> {
        let start = self.next.fetch_add(SHARE, Ordering::Relaxed);
        (!self.is_needless(start)).then(|| start..start.saturating_add(SHARE))
    }

    /// Notes a solution.
    fn found(&self, proof: u64) {
        self.best.fetch_min(proof, Ordering::Relaxed);
    }

    /// Whether a solution below this proof is known.
    fn is_needless(&self, proof: u64) -> bool {
        proof >= self.best.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::miner::Asker;
    use ledger_core::{BlockHash, Difficulty};
    use proptest::prelude::*;

    fn search(seed: u64, zeros: u8, threads: usize, stop: impl Fn() -> bool + Sync) -> (Search, u64) {
        let searching = Searching { threads, engine: Engine::best() };
        search_with(searching, puzzle(seed, zeros), stop)
    }

    fn search_with(searching: Searching, puzzle: Puzzle, stop: impl Fn() -> bool + Sync) -> (Search, u64) {
        let attempt = Attempt::new(2, Difficulty::new(4).unwrap(), Asker::Node);
        let found = Job { puzzle, searching, attempt: &attempt, stop }.run();
        (found, attempt.progress().tries)
    }

    fn puzzle(seed: u64, zeros: u8) -> Puzzle {
        Puzzle::new(seed, BlockHash::of_text(&seed.to_string()), Difficulty::new(zeros).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_search_on_several_threads_finds_what_one_alone_finds(
            seed: u64, zeros in prop_oneof![1 => Just(3), 8 => Just(4), 1 => Just(5)], threads in 1usize..6,
        ) {
            let serial = puzzle(seed, zeros).search(0..u64::MAX, |_| ControlFlow::Continue(()));
            let (found, tries) = search(seed, zeros, threads, || false);
            prop_assert_eq!(found, serial);
            let Search::Found(proof) = found else { unreachable!("every such puzzle has a solution") };
            prop_assert!(tries > proof, "{tries} tries for the proof {proof}");
        }
    }

    #[test]
    fn shares_are_next_to_each_other_up_to_the_smallest_solution() {
        let shares = Shares { next: AtomicU64::new(ALONE), best: AtomicU64::new(u64::MAX) };
        let second = ALONE + SHARE;
        assert_eq!(shares.take(), Some(ALONE..second));
        assert_eq!(shares.take(), Some(second..second + SHARE));
        shares.best.store(second + SHARE + 1, Ordering::Relaxed);
        assert_eq!(shares.take(), Some(second + SHARE..second + 2 * SHARE));
        assert_eq!(shares.take(), None);
    }

    #[test]
    fn the_smallest_of_two_solutions_wins_whoever_comes_last() {
        for order in [[45_357, 71_717], [71_717, 45_357]] {
            let shares = Shares { next: AtomicU64::new(ALONE), best: AtomicU64::new(u64::MAX) };
            order.into_iter().for_each(|proof| shares.found(proof));
            assert_eq!(shares.best.into_inner(), 45_357);
        }
    }

    #[test]
    fn a_search_that_is_stopped_answers_no_proof_since_a_smaller_one_may_be_missed() {
        let searching = Searching { threads: 1, engine: Engine::portable() };
        // At the beginning of the share that the proof is in, and right after it was found.
        for questions in 5..7 {
            let asked = AtomicU64::new(0);
            let stop = || asked.fetch_add(1, Ordering::Relaxed) >= questions;
            let (found, _) = search_with(searching, puzzle(7, 4), stop);
            assert!(asked.into_inner() > questions, "it was not stopped");
            assert_eq!(found, Search::Stopped(ALONE));
        }
    }

    #[test]
    fn a_hopeless_search_stops_when_told() {
        let asked = AtomicU64::new(0);
        let stop = || asked.fetch_add(1, Ordering::Relaxed) > 20;
        assert!(matches!(search(1, 64, 3, stop), (Search::Stopped(_), _)));
    }

    #[test]
    #[should_panic = "the other thread is asked"]
    fn panic_of_one_thread_ends_the_search_with_its_message() {
        let (here, asked) = (thread::current().id(), AtomicU64::new(0));
        let stop = || {
            assert!(thread::current().id() == here, "the other thread is asked");
            asked.fetch_add(1, Ordering::Relaxed) > 1_000
        };
        let _ = search(1, 64, 2, stop);
    }

    #[test]
    fn one_thread_alone_counts_each_try_once() {
        let (found, tries) = search(7, 4, 1, || false);
        assert_eq!(found, Search::Found(tries - 1));
    }
}
