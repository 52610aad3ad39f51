//! The search through a group, many proofs at a time: each lane of a few vectors hashes another one.

use std::ops::Range;

use super::Group;
use super::digits::DIGITS;
use super::first_words::first_words;
use crate::sha256::K;
use crate::sha256::vectors::{Lanes, Row, State, Vectors, place};

/// Vectors, and how to hash with them.
pub(super) trait Kernel<const S: usize>: Vectors {
    /// Finishes what a batch began: the first words of the hashes.
    #[inline(always)]
    fn first_words(self, work: &mut Work<Self::Lanes, S>, second: &[u32; 64]) -> Row<Self::Lanes, S> {
        first_words(self, work, second)
    }
}

/// A batch to be hashed: `S` vectors side by side.
///
/// All that depends on the digits has been done up to and including round `from - 1`, in which the first of
/// them come in, and up to word `from + 15` of the schedule.
#[repr(C)]
pub(super) struct Work<L, const S: usize> {
    /// The next round, from 1 to 8.
    pub(super) from: usize,
    /// The state before that round, each word in its [`place`].
    pub(super) state: State<L, S>,
    /// The words of the first block from `from` on, with the constants of their rounds.
    pub(super) sums: [Row<L, S>; 16],
    /// What the words of the first block add to words 16 to 31 of its schedule, from word `from + 16` on.
    pub(super) terms: [Row<L, S>; 16],
    /// Zeros, for a kernel that takes what stands before the schedule for words that add nothing.
    pub(super) zeros: [Row<L, S>; 7],
    /// Words 16 to 63 of the schedule. Those up to `from + 15` are there; the others are to be put here.
    pub(super) schedule: [Row<L, S>; 48],
}

/// The first of some members of a group whose hash's first word passes.
#[inline(always)]
pub(super) fn scan<V: Kernel<S>, const S: usize>(
    vectors: V,
    group: &Group,
    members: Range<usize>,
) -> Option<usize> {
    let width = S * V::Lanes::COUNT;
    let mut batch = Batch::<V, S>::new(vectors, group);
    let mut next = members.start;
    while next < members.end {
        // At the group's end a batch begins earlier, with members that were seen before.
        let start = next.min(DIGITS.len() - width);
        let hits = batch.hits(start) & u64::MAX << (next - start);
        if hits != 0 {
            let hit = start + hits.trailing_zeros() as usize;
            return (hit < members.end).then_some(hit);
        }
        next = start + width;
    }
    None
}

/// What changes from batch to batch, and what it is made from.
struct Batch<'a, V: Vectors, const S: usize> {
    vectors: V,
    group: &'a Group,
    work: Work<V::Lanes, S>,
}

impl<'a, V: Kernel<S>, const S: usize> Batch<'a, V, S> {
    /// All that is the same for the whole group.
    #[inline(always)]
    fn new(vectors: V, group: &'a Group) -> Self {
        let from = group.at + 1;
        let zero = [vectors.splat(0); S];
        let mut work = Work {
            from,
            state: [zero; 8],
            sums: [zero; 16],
            terms: [zero; 16],
            zeros: [zero; 7],
            schedule: [zero; 48],
        };
        for (name, word) in group.state.into_iter().enumerate() {
            work.state[place(name, from)] = [vectors.splat(word); S];
        }
        for (t, k) in K.into_iter().enumerate().take(16) {
            work.sums[t] = [vectors.splat(group.first[t].wrapping_add(k)); S];
            work.terms[t] = [vectors.splat(group.terms[t]); S];
            work.schedule[t] = [vectors.splat(group.schedule[t]); S];
        }
        Self { vectors, group, work }
    }

    /// A bit for each member from `start` on whose hash's first word passes.
    #[inline(always)]
    fn hits(&mut self, start: usize) -> u64 {
        for s in 0..S {
            self.put_digits(s, start + s * V::Lanes::COUNT);
        }
        let first_words = self.vectors.first_words(&mut self.work, &self.group.second);
        let mask = self.vectors.splat(self.group.mask);
        let mut hits = 0;
        for (s, words) in first_words.iter().enumerate() {
            hits |= words.clear_of(mask) << (s * V::Lanes::COUNT);
        }
        hits
    }

    /// Makes the work of stream `s` that of the members from `start` on.
    ///
    /// Word t of the first block is part of words t + 15, as its σ0, and t + 16 of the schedule. Words t + 2
    /// and t + 7, which would be made of it, too, are words of the first block still.
    #[inline(always)]
    fn put_digits(&mut self, s: usize, start: usize) {
        let Self { vectors, group, work } = self;
        let at = group.at;
        let digits = vectors.load(&DIGITS[start..]);
        let (high, low) = (digits.shift_right(group.shift), digits.shift_left(32 - group.shift));
        for name in [0, 4] {
            work.state[place(name, at + 1)][s] = high.add(vectors.splat(group.state[name]));
        }
        work.sums[at + 1][s] = low.add(vectors.splat(group.first[at + 1].wrapping_add(K[at + 1])));
        let (high, low) =
            (high.add(vectors.splat(group.first[at])), low.add(vectors.splat(group.first[at + 1])));
        if at >= 1 {
            work.schedule[at - 1][s] = high.small_sigma0().add(vectors.splat(group.schedule[at - 1]));
        }
        work.schedule[at][s] = low.small_sigma0().add(high).add(vectors.splat(group.schedule[at]));
        work.terms[at + 1][s] = low.add(vectors.splat(group.terms[at + 1]));
    }
}
