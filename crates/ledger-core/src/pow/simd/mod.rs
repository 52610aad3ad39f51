//! The search with the vector and SHA instructions of x86-64 processors.
//!
//! An attempt hashes two blocks. The message is never put together: proofs are tried in groups of ten thousand, whose
//! members differ in four digits, and what does not depend on these is computed once for the group. That is the state
//! before the first of the digits, most of what the first block adds to its message schedule, and the whole schedule of
//! the second block. Only the first word of each hash is computed; what passes is looked at in full.
//!
//! In which order to read: `group` and `digits`; then `kernel` and `batch`, the search in vectors of any size, with
//! `schedule`, `first_words` and `sse2`; `avx512`, which does what these do in assembly; and `sha_ni`, the search with
//! the SHA instructions. What is SHA-256 and not a search is in `sha256`.

mod avx512;
mod batch;
mod digits;
mod first_words;
mod group;
mod kernel;
mod schedule;
mod sha_ni;
mod sse2;
#[cfg(test)]
mod tests;

use std::ops::Range;

use group::Group;
pub(super) use sha_ni::ShaNi;

use super::Puzzle;

/// Looks through members of a group of proofs.
pub(super) trait Scan: Copy {
    /// The first of some members of a group whose hash's first word passes.
    fn scan(self, group: &Group, members: Range<usize>) -> Option<usize>;
}

/// The smallest solution in a range.
pub(super) fn first_in(engine: impl Scan, puzzle: &Puzzle, proofs: Range<u64>) -> Option<u64> {
    let mut rest = proofs;
    // Proofs of less than four digits are too few to matter.
    if rest.start < 1000 {
        let few = rest.start..rest.end.min(1000);
        let found = puzzle.first_in(few.clone());
        if found.is_some() {
            return found;
        }
        rest.start = few.end;
    }
    while rest.start < rest.end {
        let Some(group) = Group::of(puzzle, rest.start) else { return puzzle.first_in(rest) };
        let first = rest.start - rest.start % group::SIZE;
        let mut members = group::members(&rest);
        rest.start += members.len() as u64;
        while let Some(hit) = engine.scan(&group, members.clone()) {
            let proof = first + hit as u64;
            if puzzle.is_solved_by(proof) {
                return Some(proof);
            }
            members.start = hit + 1;
        }
    }
    None
}
