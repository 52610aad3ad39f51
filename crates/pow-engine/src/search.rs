//! A search that can be watched and stopped.

use std::ops::{ControlFlow, Range};

use crate::engine::Engine;
use crate::work::Work;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// The smallest number of the range that solves the puzzle.
    Found(u64),
    /// No number of the range does.
    Exhausted,
    /// The caller stopped the search; every number below this one was tried.
    Stopped(u64),
}

impl Work {
    /// Looks for the smallest solution in a range of nonces.
    ///
    /// `go_on` is asked before the first attempt and then about every millisecond, with the next nonce to be tried:
    /// the place to show progress and to stop.
    pub fn search(
        &self,
        engine: Engine,
        nonces: Range<u64>,
        mut go_on: impl FnMut(u64) -> ControlFlow<()>,
    ) -> Search {
        let mut next = nonces.start;
        while next < nonces.end {
            if go_on(next).is_break() {
                return Search::Stopped(next);
            }
            let until = nonces.end.min(next.saturating_add(engine.attempts_between_checks()));
            if let Some(nonce) = engine.first_in(self, next..until) {
                return Search::Found(nonce);
            }
            next = until;
        }
        Search::Exhausted
    }
}
