//! The search through a range of proofs, group by group.

use std::ops::Range;

use super::group::{self, Group};
use crate::pow::Puzzle;

/// Looks through members of a group of proofs.
pub(in crate::pow) trait Scan: Copy {
    /// The first of some members of a group whose hash's first word passes.
    fn scan(self, group: &Group, members: Range<usize>) -> Option<usize>;
}

/// The smallest solution in a range.
pub(in crate::pow) fn first_in(engine: impl Scan, puzzle: &Puzzle, proofs: Range<u64>) -> Option<u64> {
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
