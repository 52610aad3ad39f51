//! The kernel for any vectors: SSE2 uses it, and it shows what the assembly for AVX-512 does.

use super::kernel::Batch;
use super::schedule;
use crate::sha256::vectors::{Row, State, Vectors, add, four_rounds, round, rounds, sums};
use crate::sha256::{INITIAL, K};

/// The first words of the hashes.
#[inline(always)]
pub(super) fn first_words<V: Vectors, const S: usize>(
    vectors: V,
    batch: &mut Batch<V::Lanes, S>,
    second: &[u32; 64],
) -> Row<V::Lanes, S> {
    for s in 0..S {
        schedule::complete(vectors, batch, s);
    }
    let mut state = first_block(vectors, batch);
    for (row, word) in state.iter_mut().zip(INITIAL) {
        *row = add(*row, [vectors.splat(word); S]);
    }
    let middle = state[0];
    rounds(vectors, &mut state, second);
    add(middle, state[0])
}

/// The state after the rounds of the first block.
#[inline(always)]
fn first_block<V: Vectors, const S: usize>(vectors: V, batch: &Batch<V::Lanes, S>) -> State<V::Lanes, S> {
    let mut state = batch.state;
    let fourth = batch.from.next_multiple_of(4);
    for t in batch.from..fourth {
        round(&mut state, t, batch.sums[t]);
    }
    for &words in batch.sums[fourth..].as_chunks().0 {
        four_rounds(&mut state, words);
    }
    for (&words, &k) in batch.schedule.as_chunks().0.iter().zip(K[16..].as_chunks().0) {
        four_rounds(&mut state, sums(vectors, words, k));
    }
    state
}
