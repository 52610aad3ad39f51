//! The search for the smallest proof on several threads.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ledger_core::{Puzzle, Search};

/// The proofs that are tried on the calling thread before others are started: easy puzzles need no more.
const ALONE: u64 = 1 << 15;

/// The proofs a thread takes at a time.
const SHARE: u64 = 1 << 17;

/// How often a long search says how far it is.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// Finds the smallest proof for block `index`, or stops soon after `stop` says so.
pub(super) fn smallest_proof(
    puzzle: &Puzzle,
    index: u64,
    threads: usize,
    stop: &(impl Fn() -> bool + Sync),
) -> Search {
    let alone =
        puzzle.search(0..ALONE, |_| if stop() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) });
    if alone != Search::Exhausted {
        return alone;
    }
    let shared = Shared {
        next: AtomicU64::new(ALONE),
        best: AtomicU64::new(u64::MAX),
        report: Mutex::new(Report::new(index)),
    };
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| shared.work(puzzle, stop));
        }
    });
    match shared.best.into_inner() {
        // A thread that stopped may have missed a smaller proof than another found.
        _ if stop() => Search::Stopped(ALONE),
        u64::MAX => Search::Exhausted,
        proof => Search::Found(proof),
    }
}

/// What the threads of a search share.
struct Shared {
    /// The first proof that no thread has taken.
    next: AtomicU64,
    /// The smallest solution so far.
    best: AtomicU64,
    report: Mutex<Report>,
}

impl Shared {
    /// Takes shares in order until a solution below the next one is known: then no smaller one can be missed, since every
    /// share below was taken by a thread that finishes it up to the solution.
    fn work(&self, puzzle: &Puzzle, stop: &impl Fn() -> bool) {
        loop {
            let start = self.next.fetch_add(SHARE, Ordering::Relaxed);
            if start >= self.best.load(Ordering::Relaxed) {
                return;
            }
            let found = puzzle.search(start..start.saturating_add(SHARE), |proof| {
                if proof >= self.best.load(Ordering::Relaxed) || stop() {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            match found {
                Search::Found(proof) => drop(self.best.fetch_min(proof, Ordering::Relaxed)),
                Search::Stopped(_) => return,
                Search::Exhausted => self.report(start),
            }
        }
    }

    fn report(&self, tried: u64) {
        if let Ok(mut report) = self.report.try_lock() {
            report.show(tried);
        }
    }
}

/// What a search has said so far.
struct Report {
    index: u64,
    started: Instant,
    shown: Instant,
}

impl Report {
    fn new(index: u64) -> Self {
        let now = Instant::now();
        Self { index, started: now, shown: now }
    }

    fn show(&mut self, tried: u64) {
        if self.shown.elapsed() < REPORT_EVERY {
            return;
        }
        self.shown = Instant::now();
        let seconds = self.started.elapsed().as_secs_f64();
        let millions = tried as f64 / 1e6;
        tracing::info!(
            "mining block {}: {millions:.0} million proofs tried, {:.1} million a second",
            self.index,
            millions / seconds
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger_core::{BlockHash, Difficulty};
    use proptest::prelude::*;

    fn puzzle(seed: u64, zeros: u8) -> Puzzle {
        Puzzle::new(seed, BlockHash::of_text(&seed.to_string()), Difficulty::new(zeros).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn a_search_on_several_threads_finds_what_one_alone_finds(seed: u64, zeros in 3u8..=5, threads in 1usize..6) {
            let puzzle = puzzle(seed, zeros);
            let serial = puzzle.search(0..u64::MAX, |_| ControlFlow::Continue(()));
            prop_assert_eq!(smallest_proof(&puzzle, 2, threads, &|| false), serial);
        }
    }

    #[test]
    fn a_hopeless_search_stops_when_told() {
        let asked = AtomicU64::new(0);
        let stop = || asked.fetch_add(1, Ordering::Relaxed) > 20;
        assert!(matches!(smallest_proof(&puzzle(1, 64), 2, 3, &stop), Search::Stopped(_)));
    }
}
