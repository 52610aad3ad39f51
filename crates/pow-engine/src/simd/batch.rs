//! Searches a group with many attempts at a time, one per lane.

use std::ops::Range;

use super::digits::DIGITS;
use super::group::Group;
use super::kernel::{Batch, Kernel};
use crate::sha256::K;
use crate::sha256::vectors::{Lanes, Vectors, place};

/// The first member in a range whose hash's first word passes.
#[inline(always)]
pub(super) fn scan<V: Kernel<S>, const S: usize>(
    vectors: V,
    group: &Group,
    members: Range<usize>,
) -> Option<usize> {
    let width = S * V::Lanes::COUNT;
    let mut scanner = Scanner::<V, S>::new(vectors, group);
    let mut next = members.start;
    while next < members.end {
        // The group's last batch begins earlier and repeats some members.
        let start = next.min(DIGITS.len() - width);
        let hits = scanner.hits(start) & u64::MAX << (next - start);
        if hits != 0 {
            let hit = start + hits.trailing_zeros() as usize;
            return (hit < members.end).then_some(hit);
        }
        next = start + width;
    }
    None
}

/// A batch that is refilled with one part of a group after another.
struct Scanner<'a, V: Vectors, const S: usize> {
    vectors: V,
    group: &'a Group,
    batch: Batch<V::Lanes, S>,
}

impl<'a, V: Kernel<S>, const S: usize> Scanner<'a, V, S> {
    /// Computes everything that is the same for the whole group.
    #[inline(always)]
    fn new(vectors: V, group: &'a Group) -> Self {
        let from = group.at + 1;
        let zero = [vectors.splat(0); S];
        let mut batch = Batch {
            from,
            state: [zero; 8],
            sums: [zero; 16],
            terms: [zero; 16],
            zeros: [zero; 7],
            schedule: [zero; 48],
        };
        for (name, word) in group.state.into_iter().enumerate() {
            batch.state[place(name, from)] = [vectors.splat(word); S];
        }
        for (t, k) in K.into_iter().enumerate().take(16) {
            batch.sums[t] = [vectors.splat(group.first[t].wrapping_add(k)); S];
            batch.terms[t] = [vectors.splat(group.terms[t]); S];
            batch.schedule[t] = [vectors.splat(group.schedule[t]); S];
        }
        Self { vectors, group, batch }
    }

    /// A bit for each member from `start` on whose hash's first word passes.
    #[inline(always)]
    fn hits(&mut self, start: usize) -> u64 {
        for s in 0..S {
            self.put_digits(s, start + s * V::Lanes::COUNT);
        }
        let first_words = self.vectors.first_words(&mut self.batch, &self.group.second);
        let mask = self.vectors.splat(self.group.mask);
        let mut hits = 0;
        for (s, words) in first_words.iter().enumerate() {
            hits |= words.clear_of(mask) << (s * V::Lanes::COUNT);
        }
        hits
    }

    /// Fills stream `s` with the members from `start` on.
    ///
    /// Word t of the first block is part of words t + 15, as its σ0, and t + 16 of the schedule. It would also be part
    /// of words t + 2 and t + 7, but these are still words of the first block.
    #[inline(always)]
    fn put_digits(&mut self, s: usize, start: usize) {
        let Self { vectors, group, batch } = self;
        let at = group.at;
        let digits = vectors.load(&DIGITS[start..]);
        let (high, low) = (digits.shift_right(group.shift), digits.shift_left(32 - group.shift));
        for name in [0, 4] {
            batch.state[place(name, at + 1)][s] = high.add(vectors.splat(group.state[name]));
        }
        batch.sums[at + 1][s] = low.add(vectors.splat(group.first[at + 1].wrapping_add(K[at + 1])));
        let (high, low) =
            (high.add(vectors.splat(group.first[at])), low.add(vectors.splat(group.first[at + 1])));
        if at >= 1 {
            batch.schedule[at - 1][s] = high.small_sigma0().add(vectors.splat(group.schedule[at - 1]));
        }
        batch.schedule[at][s] = low.small_sigma0().add(high).add(vectors.splat(group.schedule[at]));
        batch.terms[at + 1][s] = low.add(vectors.splat(group.terms[at + 1]));
    }
}
