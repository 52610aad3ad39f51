//! A search that can be observed and stopped.

use std::ops::{ControlFlow, Range};

use crate::engine::Engine;
use crate::work::Work;

/// The result of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// The smallest solution in the range.
    Found(u64),
    /// The range has no solution.
    Exhausted,
    /// The caller stopped the search. Every number below this one was tried.
    Stopped(u64),
}

impl Work {
    /// Searches a range of nonces for the smallest solution.
    ///
    /// Calls `go_on` before the first attempt and then about every millisecond, with the next nonce to try: use it
    /// to show progress and to stop.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Target;

    #[test]
    fn search_calls_back_after_thousands_of_attempts() {
        let work = Work::new("before", "after", Target::with_leading_zero_bits(256));
        for engine in Engine::available() {
            let mut asked = Vec::new();
            let ended = work.search(engine, 7..250_000, |next| {
                asked.push(next);
                ControlFlow::Continue(())
            });
            assert_eq!((ended, asked[0]), (Search::Exhausted, 7), "{engine}");
            for pair in asked.windows(2) {
                assert!((1_000..100_000).contains(&(pair[1] - pair[0])), "{engine}: {asked:?}");
            }
        }
    }
}
