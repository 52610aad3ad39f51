//! The search through a group, many proofs at a time: each lane of a few vectors hashes another one.

use std::ops::Range;

use super::Group;
use super::digits::DIGITS;
use super::lanes::{Lanes, Vectors};
use super::rounds::{Row, add, rounds, rounds_from};
use super::schedule::Terms;
use crate::pow::sha256::{INITIAL, K};

/// The first of some members of a group whose hash's first word passes, with `S` vectors side by side.
#[inline(always)]
pub(super) fn scan<V: Vectors, const S: usize>(
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

/// What a batch starts from. The rows of the words with digits change from batch to batch, the others never do.
struct Batch<'a, V: Vectors, const S: usize> {
    vectors: V,
    group: &'a Group,
    /// The state before the first word with digits.
    start: [u32; 8],
    /// The message schedule of the first block, with the constants of the rounds.
    schedules: [[V::Lanes; 64]; S],
    terms: Terms<'a, V>,
}

impl<'a, V: Vectors, const S: usize> Batch<'a, V, S> {
    #[inline(always)]
    fn new(vectors: V, group: &'a Group) -> Self {
        let mut schedule = [vectors.splat(0); 64];
        for ((sum, word), k) in schedule.iter_mut().zip(group.first).zip(K) {
            *sum = vectors.splat(word.wrapping_add(k));
        }
        Self {
            vectors,
            group,
            start: group.start(),
            schedules: [schedule; S],
            terms: Terms::new(vectors, group),
        }
    }

    /// A bit for each member from `start` on whose hash's first word passes.
    #[inline(always)]
    fn hits(&mut self, start: usize) -> u64 {
        for s in 0..S {
            self.put_digits(s, start + s * V::Lanes::COUNT);
        }
        let first_words = self.first_words();
        let mask = self.vectors.splat(self.group.mask);
        let mut hits = 0;
        for (s, words) in first_words.iter().enumerate() {
            hits |= words.clear_of(mask) << (s * V::Lanes::COUNT);
        }
        hits
    }

    /// Makes the schedule of stream `s` that of the members from `start` on.
    #[inline(always)]
    fn put_digits(&mut self, s: usize, start: usize) {
        let (at, shift) = (self.group.at, self.group.shift);
        let digits = self.vectors.load(&DIGITS[start..]);
        let high = digits.shift_right(shift).add(self.vectors.splat(self.group.first[at]));
        let low = digits.shift_left(32 - shift).add(self.vectors.splat(self.group.first[at + 1]));
        self.schedules[s][at] = high.add(self.vectors.splat(K[at]));
        self.schedules[s][at + 1] = low.add(self.vectors.splat(K[at + 1]));
        self.terms.put(high, low);
        self.terms.expand(&mut self.schedules[s]);
    }

    /// The first words of the hashes.
    #[inline(always)]
    fn first_words(&self) -> Row<V::Lanes, S> {
        let mut state = [[self.vectors.splat(0); S]; 8];
        for (row, word) in state.iter_mut().zip(self.start) {
            *row = [self.vectors.splat(word); S];
        }
        rounds_from(self.group.at, &mut state, &self.schedules);
        for (row, word) in state.iter_mut().zip(INITIAL) {
            *row = add(*row, [self.vectors.splat(word); S]);
        }
        let middle = state[0];
        rounds(self.vectors, &mut state, &self.group.second);
        add(middle, state[0])
    }
}
