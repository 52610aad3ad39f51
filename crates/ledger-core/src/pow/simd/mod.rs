//! The search with the vector and SHA instructions of x86-64 processors.
//!
//! An attempt hashes two blocks. The message is never put together: proofs are tried in groups of ten thousand, whose
//! members differ in four digits, and what does not depend on these is computed once for the group. That is the state
//! before the first of the digits, most of what the first block adds to its message schedule, and the whole schedule of
//! the second block. Only the first word of each hash is computed; what passes is looked at in full.
//!
//! AVX-512 also hashes sixteen texts of any length beside each other: `texts`, `lane`, `messages`.
//!
//! In which order to read: `group` and `digits`; then `lanes`, `batch`, `schedule`, `rounds` and `first_words`, the search
//! in vectors of any size; `avx512` and `avx2`, the vectors; `avx512_kernel`, the rounds in assembly; and `sha_ni`, the
//! search with the SHA instructions.

// The compiler cannot know that the processor has the instructions that are used here. A value of type `Avx512`, `Avx2`
// or `ShaNi` says so: there is no other door to one than to ask the processor.
#![allow(unsafe_code)]

mod avx2;
mod avx512;
mod avx512_kernel;
mod batch;
mod digits;
mod first_words;
mod group;
mod lane;
mod lanes;
mod messages;
mod rounds;
mod schedule;
mod sha_ni;
#[cfg(test)]
mod tests;
mod texts;

use std::ops::Range;

pub(super) use avx2::Avx2;
pub(super) use avx512::Avx512;
use group::Group;
pub(super) use sha_ni::ShaNi;
pub(super) use texts::hashes;

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
