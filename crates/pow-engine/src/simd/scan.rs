//! The search through a range of nonces, group by group.

use std::ops::Range;

use super::group::{self, Group};
use crate::portable;
use crate::work::Work;

/// Searches members of a group.
pub(crate) trait Scan: Copy {
    /// The first member in a range whose hash passes: its first word has none of the bits of the group's mask.
    fn scan(self, group: &Group, members: Range<usize>) -> Option<usize>;
}

/// The smallest solution in a range.
pub(crate) fn first_in(engine: impl Scan, work: &Work, nonces: Range<u64>) -> Option<u64> {
    let mut rest = nonces;
    // A group needs four digits; the nonces below are too few to matter.
    if rest.start < 1000 {
        let few = rest.start..rest.end.min(1000);
        let found = portable::first_in(work, few.clone());
        if found.is_some() {
            return found;
        }
        rest.start = few.end;
    }
    while rest.start < rest.end {
        let Some(group) = Group::of(work, rest.start) else { return portable::first_in(work, rest) };
        let first = rest.start - rest.start % group::SIZE;
        let mut members = group::members(&rest);
        rest.start += members.len() as u64;
        while let Some(hit) = engine.scan(&group, members.clone()) {
            let nonce = first + hit as u64;
            if work.is_solved_by(nonce) {
                return Some(nonce);
            }
            members.start = hit + 1;
        }
    }
    None
}
