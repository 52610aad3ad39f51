//! Searches for the smallest proof on several threads.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use ledger_core::{Engine, Search, Work};

use super::progress::Attempt;
use crate::settings::Settings;
use crate::system::threads::joined;

/// Proofs tried on the calling thread before others start: easy puzzles need no more.
const FIRST_RANGE: u64 = 40_000;

/// Proofs that a thread takes at a time. A multiple of ten thousand, the batch size of a fast search.
const RANGE: u64 = 200_000;

/// Settings of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searching {
    /// Number of threads.
    pub threads: usize,
    /// Instruction set.
    pub engine: Engine,
}

impl From<&Settings> for Searching {
    fn from(settings: &Settings) -> Self {
        Self { threads: settings.threads.count(), engine: settings.engine }
    }
}

/// A search on several threads.
pub(super) struct ParallelSearch<'a, Stop> {
    /// The puzzle to solve.
    pub(super) work: Arc<Work>,
    /// Threads and instruction set.
    pub(super) searching: Searching,
    /// Counts the tries.
    pub(super) attempt: &'a Attempt,
    /// Whether to stop.
    pub(super) stop: Stop,
}

impl<Stop: Fn() -> bool + Sync> ParallelSearch<'_, Stop> {
    /// Finds the smallest proof, or stops soon after `stop` says so.
    pub(super) fn run(&self) -> Search {
        let first = self.search(0..FIRST_RANGE, &|_| false);
        if first != Search::Exhausted {
            return first;
        }
        let ranges = Ranges { next: AtomicU64::new(FIRST_RANGE), best: AtomicU64::new(u64::MAX) };
        thread::scope(|scope| {
            let start = || thread::Builder::new().spawn_scoped(scope, || self.take_ranges(&ranges));
            // If the system refuses more threads, those that run do all the work.
            let others: Vec<_> = (1..self.searching.threads).map_while(|_| start().ok()).collect();
            self.take_ranges(&ranges);
            others.into_iter().for_each(joined);
        });
        match ranges.best.into_inner() {
            // A stopped thread may have skipped a smaller proof than the one found.
            _ if (self.stop)() => Search::Stopped(FIRST_RANGE),
            u64::MAX => Search::Exhausted,
            proof => Search::Found(proof),
        }
    }

    /// Takes ranges in order until a solution below the next range is known. No smaller one can be missed: every
    /// lower range was taken by a thread that searches it up to the solution.
    fn take_ranges(&self, ranges: &Ranges) {
        while let Some(range) = ranges.take() {
            match self.search(range, &|proof| ranges.is_beaten(proof)) {
                Search::Found(proof) => ranges.found(proof),
                Search::Stopped(_) => return,
                Search::Exhausted => self.attempt.log(),
            }
        }
    }

    /// Searches a range on this thread, and counts the tries.
    fn search(&self, proofs: Range<u64>, is_beaten: &impl Fn(u64) -> bool) -> Search {
        let mut counted = proofs.start;
        let end = proofs.end;
        let found = self.work.search(self.searching.engine, proofs, |proof| {
            self.attempt.count(proof - counted);
            counted = proof;
            if is_beaten(proof) || (self.stop)() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
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

/// State shared by the threads.
struct Ranges {
    /// The first proof that no thread has taken.
    next: AtomicU64,
    /// The smallest solution so far.
    best: AtomicU64,
}

impl Ranges {
    /// The next range; none if a smaller solution is known.
    fn take(&self) -> Option<Range<u64>> {
        let start = self.next.fetch_add(RANGE, Ordering::Relaxed);
        (!self.is_beaten(start)).then(|| start..start.saturating_add(RANGE))
    }

    /// Records a solution.
    fn found(&self, proof: u64) {
        self.best.fetch_min(proof, Ordering::Relaxed);
    }

    /// Whether a solution below this proof is known.
    fn is_beaten(&self, proof: u64) -> bool {
        proof >= self.best.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::miner::Asker;
    use ledger_core::{BlockHash, Difficulty, Height, Puzzle};
    use proptest::prelude::*;

    fn search(seed: u64, zeros: u8, threads: usize, stop: impl Fn() -> bool + Sync) -> (Search, u64) {
        let searching = Searching { threads, engine: Engine::best() };
        search_with(searching, puzzle(seed, zeros), stop)
    }

    fn search_with(searching: Searching, work: Work, stop: impl Fn() -> bool + Sync) -> (Search, u64) {
        let work = Arc::new(work);
        let attempt = Attempt::new(Height::GENESIS, Arc::clone(&work), Asker::Node);
        let found = ParallelSearch { work, searching, attempt: &attempt, stop }.run();
        (found, attempt.progress().tries)
    }

    fn puzzle(seed: u64, zeros: u8) -> Work {
        let difficulty = Difficulty::new(zeros).unwrap();
        Puzzle::new(seed, BlockHash::of_text(&seed.to_string()), difficulty).work()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn several_threads_find_the_same_proof_as_one(
            seed: u64, zeros in prop_oneof![1 => Just(3), 8 => Just(4), 1 => Just(5)], threads in 1usize..6,
        ) {
            let serial = puzzle(seed, zeros).search(Engine::best(), 0..u64::MAX, |_| ControlFlow::Continue(()));
            let (found, tries) = search(seed, zeros, threads, || false);
            prop_assert_eq!(found, serial);
            let Search::Found(proof) = found else { unreachable!("every such puzzle has a solution") };
            prop_assert!(tries > proof, "{tries} tries for the proof {proof}");
        }
    }

    #[test]
    fn ranges_are_adjacent_up_to_the_smallest_solution() {
        let ranges = Ranges { next: AtomicU64::new(FIRST_RANGE), best: AtomicU64::new(u64::MAX) };
        let second = FIRST_RANGE + RANGE;
        assert_eq!(ranges.take(), Some(FIRST_RANGE..second));
        assert_eq!(ranges.take(), Some(second..second + RANGE));
        ranges.best.store(second + RANGE + 1, Ordering::Relaxed);
        assert_eq!(ranges.take(), Some(second + RANGE..second + 2 * RANGE));
        assert_eq!(ranges.take(), None);
    }

    #[test]
    fn smallest_solution_wins_in_any_order() {
        for order in [[45_357, 71_717], [71_717, 45_357]] {
            let ranges = Ranges { next: AtomicU64::new(FIRST_RANGE), best: AtomicU64::new(u64::MAX) };
            order.into_iter().for_each(|proof| ranges.found(proof));
            assert_eq!(ranges.best.into_inner(), 45_357);
        }
    }

    #[test]
    fn stopped_search_returns_no_proof() {
        let searching = Searching { threads: 1, engine: Engine::portable() };
        // Stops first at the start of the range that holds the proof, then right after the proof was found.
        for questions in 5..7 {
            let asked = AtomicU64::new(0);
            let stop = || asked.fetch_add(1, Ordering::Relaxed) >= questions;
            let (found, _) = search_with(searching, puzzle(7, 4), stop);
            assert!(asked.into_inner() > questions, "it was not stopped");
            assert_eq!(found, Search::Stopped(FIRST_RANGE));
        }
    }

    #[test]
    fn hopeless_search_stops_when_told() {
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
    fn single_thread_counts_each_try_once() {
        let (found, tries) = search(7, 4, 1, || false);
        assert_eq!(found, Search::Found(tries - 1));
    }
}
