//! The rounds of SHA-256, on many messages at a time.
//!
//! Everything is `inline(always)` and without closures, so that it ends up inside a function that is
//! compiled for the instructions of the vectors. A function's last generic argument, if it is a number, takes
//! the place of an index: with constants for indices the compiler keeps the words in registers, and renames
//! instead of moving them.

use super::lanes::{Lanes, Vectors};

/// The same word of several streams of messages.
pub(crate) type Row<L, const S: usize> = [L; S];

/// The eight words of the state.
pub(crate) type State<L, const S: usize> = [Row<L, S>; 8];

/// The sums of the streams' words.
#[inline(always)]
pub(crate) fn add<L: Lanes, const S: usize>(mut row: Row<L, S>, other: Row<L, S>) -> Row<L, S> {
    for (word, other) in row.iter_mut().zip(other) {
        *word = word.add(other);
    }
    row
}

/// Where round `round` finds word `name` of the state; a is 0 and h is 7.
///
/// Instead of moving a to b, b to c and so on, the next round finds them where they are. The new a takes the
/// place of d and the new e that of h, so after four rounds all are where they were before.
pub(crate) const fn place(name: usize, round: usize) -> usize {
    let first = if name < 4 { 0 } else { 4 };
    first + (name + 64 - round) % 4
}

/// One round, number `I` modulo 4, given the sum of the round's constant and its word of the schedule.
#[inline(always)]
fn round_number<L: Lanes, const S: usize, const I: usize>(state: &mut State<L, S>, words: Row<L, S>) {
    for s in 0..S {
        let (a, b) = (state[place(0, I)][s], state[place(1, I)][s]);
        let (c, d) = (state[place(2, I)][s], state[place(3, I)][s]);
        let (e, f) = (state[place(4, I)][s], state[place(5, I)][s]);
        let (g, h) = (state[place(6, I)][s], state[place(7, I)][s]);
        let t1 = h.add(words[s]).add(e.choose(f, g)).add(e.big_sigma1());
        state[place(7, I)][s] = d.add(t1);
        state[place(3, I)][s] = t1.add(a.majority(b, c)).add(a.big_sigma0());
    }
}

/// One round of any number.
#[inline(always)]
pub(crate) fn round<L: Lanes, const S: usize>(state: &mut State<L, S>, number: usize, words: Row<L, S>) {
    match number % 4 {
        0 => round_number::<_, S, 0>(state, words),
        1 => round_number::<_, S, 1>(state, words),
        2 => round_number::<_, S, 2>(state, words),
        _ => round_number::<_, S, 3>(state, words),
    }
}

/// Four rounds, the first of them number 0 modulo 4.
#[inline(always)]
pub(crate) fn four_rounds<L: Lanes, const S: usize>(state: &mut State<L, S>, words: [Row<L, S>; 4]) {
    round_number::<_, S, 0>(state, words[0]);
    round_number::<_, S, 1>(state, words[1]);
    round_number::<_, S, 2>(state, words[2]);
    round_number::<_, S, 3>(state, words[3]);
}

/// Adds the constants of their rounds to words of the schedule.
#[inline(always)]
pub(crate) fn sums<V: Vectors, const S: usize>(
    vectors: V,
    mut words: [Row<V::Lanes, S>; 4],
    k: [u32; 4],
) -> [Row<V::Lanes, S>; 4] {
    for (row, k) in words.iter_mut().zip(k) {
        *row = add(*row, [vectors.splat(k); S]);
    }
    words
}

/// All rounds, given a schedule that is the same in every lane.
#[inline(always)]
pub(crate) fn rounds<V: Vectors, const S: usize>(
    vectors: V,
    state: &mut State<V::Lanes, S>,
    schedule: &[u32; 64],
) {
    for &[a, b, c, d] in schedule.as_chunks::<4>().0 {
        let words = [vectors.splat(a), vectors.splat(b), vectors.splat(c), vectors.splat(d)];
        four_rounds(state, [[words[0]; S], [words[1]; S], [words[2]; S], [words[3]; S]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha256::vectors::Sse2;
    use crate::sha256::{INITIAL, K};

    #[test]
    fn vector_rounds_equal_scalar_rounds() {
        let mut alone = INITIAL;
        let mut state = INITIAL.map(|word| [Sse2.splat(word)]);
        for (number, word) in K.into_iter().enumerate() {
            alone = crate::sha256::round(alone, word);
            round(&mut state, number, [Sse2.splat(word)]);
        }
        for ([word], alone) in state.into_iter().zip(alone) {
            let difference = word.add(Sse2.splat(alone.wrapping_neg()));
            assert_eq!(difference.clear_of(Sse2.splat(u32::MAX)), 0b1111);
        }
    }
}
